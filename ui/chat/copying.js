// Sorting and copying what stands in the chat. ui/render.py draws the buttons.

const MONTHS = "January February March April May June July August September October November December".split(" ");

function cellText(cell) {
  const copy = cell.cloneNode(true);
  for (const extra of copy.querySelectorAll(".cite, button")) extra.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

// A number that orders "26 July 2023", "July 2023", "2023" and "more than 1,200"; NaN where the text holds none.
function rank(text) {
  const date = text.match(/(?:(\d{1,2}) )?(?:([A-Z][a-z]+) )?\b((?:19|20)\d\d)\b/);
  if (date) return Number(date[3]) * 372 + Math.max(MONTHS.indexOf(date[2]), 0) * 31 + Number(date[1] ?? 0);
  const number = text.match(/\d[\d,]*(?:\.\d+)?/);
  return number ? Number(number[0].replaceAll(",", "")) : NaN;
}

function sortBy(heading) {
  const table = heading.closest("table");
  const column = heading.cellIndex;
  const order = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const other of table.querySelectorAll("thead th")) other.setAttribute("aria-sort", "none");
  heading.setAttribute("aria-sort", order);
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, text: cellText(row.cells[column]) }));
  const ranks = new Map(rows.map(({ text }) => [text, rank(text)]));
  const byRank = [...ranks.values()].every((value) => !Number.isNaN(value));
  rows.sort((one, two) => (byRank ? ranks.get(one.text) - ranks.get(two.text) : one.text.localeCompare(two.text)));
  if (order === "descending") rows.reverse();
  table.tBodies[0].append(...rows.map(({ row }) => row));
}

// Tab-separated, as spreadsheets take it; a cell that a spreadsheet would run as a formula is made text.
function tableText(table) {
  const safe = (text) => (/^[=+@-]/.test(text) ? `'${text}` : text);
  return [...table.rows].map((row) => [...row.cells].map((cell) => safe(cellText(cell))).join("\t")).join("\n");
}

async function copy(text, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "The browser does not allow copying";
  }
  setTimeout(() => (button.textContent = label), 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#chat button");
  if (button?.classList.contains("sort")) sortBy(button.closest("th"));
  if (button?.classList.contains("copy-table")) {
    const boxes = [...button.closest(".message").querySelectorAll("table")];
    const above = boxes.filter((table) => table.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING);
    copy(tableText(above.at(-1)), button);
  }
  if (button?.classList.contains("copy-answer")) {
    const texts = JSON.parse(document.querySelector("#record [data-texts]")?.dataset.texts ?? "[]");
    const found = texts.find(([number]) => button.classList.contains(`turn-${number}`));
    if (found) copy(found[2], button);
  }
});
