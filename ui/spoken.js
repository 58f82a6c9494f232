// What Gradio does not tell a screen reader, or tells wrongly: who says what, what is a table, what is folded.

const SAYS = { user: "Question", bot: "Answer" };

// Gradio labels each message with its markup, and again whenever it changes.
function nameMessages() {
  for (const box of document.querySelectorAll("#chat .table:not([aria-label])")) box.setAttribute("aria-label", "Table");
  for (const message of document.querySelectorAll("#chat [data-testid][aria-label]")) {
    const says = SAYS[message.dataset.testid];
    if (says && message.getAttribute("aria-label") !== says) {
      message.setAttribute("role", "group");
      message.setAttribute("aria-label", says);
    }
  }
}

// An arrow alone shows that a part is folded away.
function tellFolds() {
  for (const button of document.querySelectorAll("button.label-wrap")) {
    button.setAttribute("aria-expanded", button.classList.contains("open"));
    button.querySelector(".icon")?.setAttribute("aria-hidden", "true");
  }
}

new MutationObserver(() => {
  nameMessages();
  tellFolds();
}).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-label"] });

document.addEventListener("click", ({ target }) => {
  if (target.closest("button.label-wrap")) setTimeout(tellFolds); // Gradio folds first
});
