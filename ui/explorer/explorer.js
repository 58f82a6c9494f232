// The explorer: panels are fetched when they are first seen, forms when they change, cards when they are asked for.
// All of what is fetched is HTML that ui/explorer/*.py have written and escaped.

const TYPING_MS = 250; // a pause in typing that long sends the form

async function fetchPart(part, query = "") {
  const response = await fetch(new URL(`explorer/${part}?${query}`, document.baseURI));
  return response.text();
}

const UNREACHABLE = '<p class="hint">The assistant does not answer. Is it still running?</p>';

async function fillPanel(panel) {
  panel.dataset.state = "filled";
  const chosen = [...panel.querySelectorAll("form")].map((form) => [...new FormData(form)]);
  try {
    panel.innerHTML = await fetchPart(panel.dataset.panel);
    for (const [place, fields] of chosen.entries()) chooseAgain(panel.querySelectorAll("form")[place], fields);
  } catch {
    panel.innerHTML = UNREACHABLE;
    panel.dataset.state = "empty";
  }
}

// A panel that is fetched anew shows what was chosen before.
function chooseAgain(form, fields) {
  const isChosen = ([, value], place) => value !== (form.querySelectorAll("[name]")[place]?.value ?? "");
  if (!form || !fields.some(isChosen)) return;
  const more = form.querySelector(".one-more");
  while (more && form.querySelectorAll("[name]").length < fields.length) addField(more);
  for (const [place, [, value]] of fields.entries()) form.querySelectorAll("[name]")[place].value = value;
  sendForm(form);
}

// After a rebuild, what stands in the panels is old.
document.addEventListener("new-index", () => {
  for (const panel of document.querySelectorAll('[data-panel][data-state="filled"]')) panel.removeAttribute("data-state");
});

const whenSeen = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (isIntersecting && target.dataset.state !== "filled") fillPanel(target);
  }
});

// Gradio makes the panels when their tab is first opened.
new MutationObserver(() => {
  for (const panel of document.querySelectorAll("[data-panel]:not([data-state])")) {
    panel.dataset.state = "empty";
    whenSeen.unobserve(panel); // observed anew, it is looked at at once
    whenSeen.observe(panel);
  }
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });

// A form's newest query wins, in whichever order the answers come.
async function sendForm(form) {
  const part = form.dataset.explore;
  const sent = (form.sent = (form.sent ?? 0) + 1);
  const told = new DOMParser().parseFromString(
    await fetchPart(part, new URLSearchParams(new FormData(form))).catch(() => ""),
    "text/html",
  );
  const view = form.closest("[data-panel]").querySelector(`[data-view="${part}"]`);
  if (sent !== form.sent) return;
  const fresh = told.querySelector(`[data-view="${part}"]`);
  if (fresh) view.replaceWith(fresh);
  else view.innerHTML = UNREACHABLE;
  form.querySelector("[role=status]").textContent = fresh?.querySelector("p")?.textContent ?? "";
  bringOut({ cards: JSON.parse(fresh?.dataset.highlight ?? "[]") });
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-explore]")) return;
  event.preventDefault();
  sendForm(event.target);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-explore]");
  if (!form) return;
  clearTimeout(form.pause);
  form.pause = setTimeout(() => sendForm(form), TYPING_MS);
});

// map.js brings nodes of the map out: those of these cards, or the one of a card with its neighbours.
function bringOut(detail) {
  document.dispatchEvent(new CustomEvent("bring-out", { detail }));
}

// Beside the map a card has its place; elsewhere it opens over the page.
async function openCard(card, opener, isByKeyboard) {
  const [part, ...name] = card.split(":");
  const shown = await fetchPart(part, new URLSearchParams({ name: name.join(":") })).catch(() => UNREACHABLE);
  const place = opener.closest('[data-view="map"]')?.querySelector("[data-card-place]");
  if (place) {
    bringOut({ card });
    place.innerHTML = shown;
    place.scrollTop = 0;
    if (isByKeyboard) place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
    return;
  }
  const dialog = alliances.dialogOf("card", "Card");
  const body = dialog.querySelector(".dialog-body");
  body.innerHTML = `<div class="card">${shown}</div>`;
  if (!dialog.open) dialog.showModal();
  body.scrollTop = 0;
}

// Rows by what their cells show, or by the value that a cell gives for it; rows without stay last.
function sortTable(button) {
  const head = button.closest("th");
  const table = head.closest("table");
  const ascending = head.getAttribute("aria-sort") !== "ascending";
  for (const other of head.parentElement.children) other.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const value = (row) => row.cells[head.cellIndex].dataset.value ?? row.cells[head.cellIndex].textContent;
  const rows = [...table.tBodies[0].rows].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (!a || !b) return Number(!a) - Number(!b);
    return ascending ? a.localeCompare(b) : b.localeCompare(a);
  });
  table.tBodies[0].append(...rows);
}

function addField(button) {
  const label = button.previousElementSibling.cloneNode(true);
  const field = label.querySelector("input");
  label.firstChild.textContent = "And ";
  field.value = field.placeholder = "";
  button.before(label);
  field.focus();
}

// Shows a time of the timeline alone: years and perhaps a month, or all.
async function showTime({ since, until, month }) {
  const form = document.querySelector('form[data-explore="timeline"]');
  for (const [name, value] of Object.entries({ since, until, month })) form.elements[name].value = value;
  await sendForm(form);
  document.querySelector('[data-view="timeline"] .scroller')?.focus({ preventScroll: true }); // the button is gone
}

function showEvent(number) {
  const item = document.getElementById(`event-${number}`);
  item?.focus({ preventScroll: true });
  item?.scrollIntoView({ block: "center" });
}

document.addEventListener("click", ({ target, detail }) => {
  const card = target.closest("[data-card]");
  const event = target.closest("[data-event]");
  const time = target.closest("[data-since]");
  const sort = target.closest("table.sortable .sort");
  const more = target.closest(".one-more");
  if (card) openCard(card.dataset.card, card, detail === 0);
  else if (event) showEvent(event.dataset.event);
  else if (time) showTime(time.dataset);
  else if (sort) sortTable(sort);
  else if (more) addField(more);
  else if (target.closest(".map-frame")) bringOut({ cards: [] });
  else if (target.closest("dialog [data-ask]")) target.closest("dialog").close();
});
