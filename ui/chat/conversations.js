// The conversations, kept in this browser: an entry of localStorage each, so that two tabs do not overwrite one
// another. ui/saved.py writes what is kept (#record) and reads it again (#kept, #reopen).

const PREFIX = "alliances.conversation.";

function conversations() {
  const found = [];
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    try {
      found.push({ key, ...JSON.parse(localStorage.getItem(key)) });
    } catch {
      localStorage.removeItem(key); // not ours, or cut off
    }
  }
  return found.sort((one, two) => two.saved - one.saved);
}

// When the browser has no room left, the oldest conversations go.
function put(key, conversation) {
  for (;;) {
    try {
      localStorage.setItem(key, JSON.stringify(conversation));
      return;
    } catch {
      const oldest = conversations().findLast((other) => other.key !== key);
      if (!oldest) return;
      localStorage.removeItem(oldest.key);
    }
  }
}

let lastKept = "";

function keepShown() {
  const record = document.querySelector("#record [data-id]")?.dataset;
  if (!record || record.kept === lastKept) return;
  lastKept = record.kept;
  const key = PREFIX + record.id;
  const texts = JSON.parse(record.texts);
  const known = JSON.parse(localStorage.getItem(key) ?? "null");
  put(key, { name: known?.name ?? texts[0][1], saved: Date.now(), kept: record.kept, texts });
}

function reopen(conversation) {
  lastKept = conversation.kept;
  document.getElementById("conversations").close();
  document.getElementById("tab-chat-button")?.click();
  const box = document.querySelector("#kept textarea, #kept input");
  box.value = conversation.kept;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => document.getElementById("reopen").click(), 50); // Gradio takes the input in first
}

function download(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const oneLine = (text) => text.replace(/\s+/g, " ").replaceAll("<", "&lt;").replace(/\\*\[/g, "\\[");

function asMarkdown({ name, texts }) {
  const parts = texts.map(([, question, answer]) => `## ${oneLine(question)}\n\n${answer}\n`);
  return [`# ${oneLine(name)}\n`, ...parts].join("\n");
}

function asJson({ name, saved, kept }) {
  const [id, turns] = JSON.parse(kept);
  return JSON.stringify({ id, name, saved: new Date(saved).toISOString(), turns }, null, 2);
}

function fileName(name, ending) {
  return `${name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.${ending}`;
}

function button(label, action, about) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  if (about) made.setAttribute("aria-label", `${label}: ${about}`);
  made.addEventListener("click", () => action(made));
  return made;
}

function rename(conversation, opener) {
  const box = document.createElement("input");
  box.value = conversation.name;
  box.maxLength = 200;
  box.setAttribute("aria-label", "Name of the conversation");
  const done = () => {
    const { key, ...rest } = conversation;
    if (box.value.trim()) put(key, { ...rest, name: box.value.trim() });
    showList();
  };
  box.addEventListener("change", done);
  opener.replaceWith(box);
  box.focus();
  box.select();
}

function remove({ key }, pressed) {
  if (pressed.dataset.sure) {
    localStorage.removeItem(key);
    showList();
  } else {
    pressed.dataset.sure = "1";
    pressed.textContent = "Really delete";
  }
}

function row(conversation) {
  const { name, saved, texts } = conversation;
  const item = document.createElement("li");
  const opener = button(name, () => reopen(conversation));
  opener.className = "open";
  const when = document.createElement("span");
  when.className = "byline";
  when.textContent = `${new Date(saved).toLocaleString()} · ${texts.length} answered`;
  const tools = document.createElement("span");
  tools.className = "tools";
  tools.append(
    button("Rename", () => rename(conversation, opener), name),
    button("Markdown", () => download(fileName(name, "md"), asMarkdown(conversation), "text/markdown"), name),
    button("JSON", () => download(fileName(name, "json"), asJson(conversation), "application/json"), name),
    button("Delete", (pressed) => remove(conversation, pressed), name),
  );
  item.append(opener, when, tools);
  return item;
}

function showList() {
  const body = document.querySelector("#conversations .dialog-body");
  const words = body.querySelector("input[type=search]").value.toLowerCase().split(/\s+/).filter(Boolean);
  const all = conversations();
  const found = all.filter(({ name, texts }) => {
    const text = JSON.stringify([name, texts]).toLowerCase();
    return words.every((word) => text.includes(word));
  });
  body.querySelector("ul").replaceChildren(...found.map(row));
  body.querySelector("[role=status]").textContent = all.length
    ? `${found.length} of ${all.length}, kept in this browser only`
    : "None yet. What you ask is kept here, in this browser only.";
}

function showConversations() {
  const dialog = alliances.dialogOf("conversations", "Conversations");
  const body = dialog.querySelector(".dialog-body");
  if (!body.firstChild) {
    const heading = document.createElement("h2");
    heading.textContent = "Conversations";
    const search = document.createElement("input");
    search.type = "search";
    search.placeholder = "Search";
    search.setAttribute("aria-label", "Search the conversations");
    search.addEventListener("input", showList);
    const status = document.createElement("p");
    status.className = "byline";
    status.setAttribute("role", "status");
    body.append(heading, search, status, document.createElement("ul"));
  }
  showList();
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#conversations-button")) showConversations();
});

new MutationObserver(keepShown).observe(document, { subtree: true, childList: true, attributeFilter: ["data-kept"] });
