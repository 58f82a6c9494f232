// A citation marker shows its card: the card may lie in a folded earlier answer, and the address must not change,
// because a page opened with a query (such as ?__theme=dark) would be loaded anew and the chat lost.
document.addEventListener("click", (event) => {
  const marker = event.target.closest('a[href^="#source-"]');
  if (!marker) return;
  event.preventDefault();
  const card = document.getElementById(marker.getAttribute("href").slice(1));
  if (!card) return;
  card.closest("details")?.setAttribute("open", "");
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
});

// Gradio labels each message with its markup; a screen reader is to read the message itself.
new MutationObserver(() => {
  for (const message of document.querySelectorAll("#chat [data-testid][aria-label]")) {
    message.removeAttribute("aria-label");
  }
}).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-label"] });
