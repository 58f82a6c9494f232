// The last question goes to the top of the conversation while its answer grows below it, so that a long answer is read
// from its beginning. Whoever scrolls by hand is left alone until the next question.

const ROOM = 16; // above the question, in pixels

let questions = 0;
let isLeftAlone = false;

function follow() {
  const box = document.querySelector("#chat .bubble-wrap");
  const asked = box?.querySelectorAll(".user-row") ?? [];
  if (asked.length !== questions) isLeftAlone = false;
  questions = asked.length;
  if (!questions || isLeftAlone) return;
  const question = asked[questions - 1];
  box.scrollTop += question.getBoundingClientRect().top - box.getBoundingClientRect().top - ROOM;
}

new MutationObserver((changes) => {
  if (changes.some(({ target }) => target.parentElement?.closest("#chat"))) follow();
}).observe(document, { subtree: true, childList: true, characterData: true });

for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  document.addEventListener(kind, ({ target }) => (isLeftAlone ||= Boolean(target.closest("#chat"))), { passive: true });
}
