// What the page does by itself: markers lead to cards, questions ask themselves, articles open. All by event
// delegation, because Gradio replaces what it shows.

// A citation marker shows its card: the card may lie in a folded earlier answer, and the address must not change,
// because a page opened with a query (such as ?__theme=dark) would be loaded anew and the chat lost.
function showCard(marker) {
  const card = document.getElementById(marker.getAttribute("href").slice(1));
  if (!card) return;
  card.closest("details")?.setAttribute("open", "");
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

// Any element with data-ask asks that question in the chat, from whichever tab; within the chat, where Gradio removes
// such attributes, a button of the class "ask" asks what it says.
function askInChat(question) {
  document.getElementById("tab-chat-button")?.click();
  const box = document.querySelector("#question textarea");
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => {
    box.focus();
    box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", code: "Enter", bubbles: true, cancelable: true }));
  }, 50); // Gradio takes the input in first
}

// A dialog of the browser's own: it holds the focus, Esc closes it, and the focus goes back to where it was.
function dialogOf(id, label) {
  const known = document.getElementById(id);
  if (known) return known;
  const dialog = document.createElement("dialog");
  dialog.id = id;
  dialog.setAttribute("aria-label", label);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  const body = document.createElement("div");
  body.className = "dialog-body";
  dialog.append(close, body);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it
  document.querySelector(".gradio-container").append(dialog);
  return dialog;
}

window.alliances = { dialogOf };

// The answer is HTML that ui/article.py has written and escaped.
async function openArticle(slug, sentence) {
  const address = new URL(`article/${encodeURIComponent(slug)}`, document.baseURI);
  if (sentence) address.searchParams.set("sentence", sentence);
  const dialog = dialogOf("article", "Article");
  const body = dialog.querySelector(".dialog-body");
  try {
    body.innerHTML = await (await fetch(address)).text();
  } catch {
    body.textContent = "The assistant does not answer. Is it still running?";
  }
  dialog.showModal();
  body.scrollTop = 0;
  const quoted = body.querySelector("mark");
  quoted?.focus({ preventScroll: true });
  quoted?.scrollIntoView({ block: "center" });
}

document.addEventListener("click", (event) => {
  const marker = event.target.closest('a[href^="#source-"]');
  const asker = event.target.closest("[data-ask], #chat button.ask");
  const opener = event.target.closest("[data-article]");
  if (marker) {
    event.preventDefault();
    showCard(marker);
  } else if (asker) {
    askInChat(asker.dataset.ask ?? asker.textContent);
  } else if (opener) {
    openArticle(opener.dataset.article, opener.dataset.sentence);
  } else if (event.target.closest("#edit") || (event.detail === 0 && event.target.closest("#retry, #stop, #new-chat"))) {
    // These buttons go away when they are pressed; by keyboard (detail 0), the focus would be lost with them.
    setTimeout(() => document.querySelector("#question textarea").focus(), 50);
  }
});
