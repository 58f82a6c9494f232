// Every open page hears of a new index, wherever it was built: the heading and the explorer follow, and it is said.

const LOOK_MS = 4000;
const SHOWN_MS = 12_000;

let known = null;
let hiding;

// Read out by a screen reader when its text changes, so it has to be there before.
function board() {
  const made = document.getElementById("news") ?? document.createElement("p");
  if (!made.isConnected) {
    made.id = "news";
    made.setAttribute("role", "status");
    document.body.append(made);
  }
  return made;
}

function tell({ articles }) {
  const counted = `${articles.toLocaleString("en")} article${articles === 1 ? "" : "s"}`;
  const heading = document.querySelector("#top header p");
  if (heading) heading.textContent = heading.textContent.replace(/[\d,]+ articles?/, counted);
  board().textContent = `Now reading ${counted}.`;
  clearTimeout(hiding);
  hiding = setTimeout(() => (board().textContent = ""), SHOWN_MS);
  document.getElementById("library-refresh")?.click();
  document.dispatchEvent(new CustomEvent("new-index"));
}

async function look() {
  if (known && document.hidden) return;
  board();
  try {
    const news = await (await fetch(new URL("news", document.baseURI))).json();
    if (known && news.generation !== known.generation) tell(news);
    known = news;
  } catch {
    // The assistant does not answer just now: what the page shows is still what was told.
  }
}

setInterval(look, LOOK_MS);
document.addEventListener("visibilitychange", look);
if (document.body) look(); // Gradio runs the scripts late
else document.addEventListener("DOMContentLoaded", look);
