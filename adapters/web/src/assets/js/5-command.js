// The command line: completion as one types, earlier lines with the arrow keys, and the answer above it.

const commandForm = document.getElementById("command-form");
const commandLine = document.getElementById("command-line");
const offers = document.getElementById("completions");
const HISTORY = "lines";
let past = [];
let place = 0;
let draft = "";
let chosen = -1;
let asked = 0;

if (commandForm) {
  try {
    past = JSON.parse(sessionStorage.getItem(HISTORY) || "[]");
  } catch {
    past = [];
  }
  place = past.length;
  commandForm.addEventListener("submit", submitLine);
  commandLine.addEventListener("input", () => suggest());
  commandLine.addEventListener("focus", () => commandLine.value && suggest());
  commandLine.addEventListener("blur", () => setTimeout(hideOffers, 150));
  commandLine.addEventListener("keydown", keyInLine);
  offers.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target.closest("li");
    if (item) accept(item);
  });
}

async function submitLine(event) {
  event.preventDefault();
  const line = commandLine.value.trim();
  hideOffers();
  const body = new URLSearchParams(new FormData(commandForm));
  body.set("request", freshId());
  remember(line);
  const done = await send(commandForm, event.submitter, body);
  // What was refused stays, to be put right.
  if (done && commandLine.value.trim() === line) commandLine.value = "";
}

function remember(line) {
  if (line && past.at(-1) !== line) past = [...past, line].slice(-50);
  place = past.length;
  draft = "";
  sessionStorage.setItem(HISTORY, JSON.stringify(past));
}

function recall(step) {
  if (place === past.length) draft = commandLine.value;
  place = Math.max(0, Math.min(past.length, place + step));
  commandLine.value = place === past.length ? draft : past[place];
  commandLine.setSelectionRange(commandLine.value.length, commandLine.value.length);
}

async function suggest() {
  const line = commandLine.value;
  const turn = ++asked;
  if (!line.trim()) return hideOffers();
  const here = document.querySelector("main").dataset.incident || "";
  try {
    const response = await fetch(`/complete?${new URLSearchParams({ line, here })}`, { headers: { "Muster-Fragment": "1" } });
    const found = response.ok ? await response.json() : [];
    if (turn === asked && document.activeElement === commandLine) showOffers(found);
  } catch {
    hideOffers();
  }
}

function showOffers(found) {
  if (!found.length) return hideOffers();
  const items = found.map((one, n) => {
    const item = document.createElement("li");
    item.id = `completion-${n}`;
    item.role = "option";
    item.dataset.insert = one.line;
    const label = document.createElement("span");
    label.textContent = one.label;
    const help = document.createElement("span");
    help.textContent = one.help;
    item.append(label, help);
    return item;
  });
  offers.replaceChildren(...items);
  offers.hidden = false;
  commandLine.setAttribute("aria-expanded", "true");
  choose(-1);
}

function hideOffers() {
  asked++;
  if (!offers) return;
  offers.hidden = true;
  commandLine.setAttribute("aria-expanded", "false");
  commandLine.removeAttribute("aria-activedescendant");
  chosen = -1;
}

function choose(n) {
  const items = [...offers.children];
  chosen = n < -1 ? items.length - 1 : n >= items.length ? -1 : n;
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
  if (chosen >= 0) {
    commandLine.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  } else {
    commandLine.removeAttribute("aria-activedescendant");
  }
}

function accept(item) {
  commandLine.value = item.dataset.insert;
  commandLine.focus();
  commandLine.setSelectionRange(commandLine.value.length, commandLine.value.length);
  suggest();
}

function keyInLine(event) {
  const isOpen = !offers.hidden;
  if (event.isComposing) return;
  if (event.key === "Tab" && isOpen && !event.shiftKey) {
    event.preventDefault();
    accept(offers.children[Math.max(0, chosen)]);
  } else if (event.key === "ArrowDown" && isOpen) {
    event.preventDefault();
    choose(chosen + 1);
  } else if (event.key === "ArrowUp" && isOpen && (chosen >= 0 || place === past.length)) {
    event.preventDefault();
    choose(chosen - 1);
  } else if (event.key === "ArrowUp" && past.length) {
    event.preventDefault();
    recall(-1);
  } else if (event.key === "ArrowDown" && place < past.length) {
    event.preventDefault();
    recall(1);
  } else if (event.key === "Enter" && isOpen && chosen >= 0) {
    event.preventDefault();
    accept(offers.children[chosen]);
  } else if (event.key === "Escape") {
    if (isOpen) hideOffers();
    else if (reply.childNodes.length) dismissReply();
    else commandLine.blur();
    event.stopPropagation();
  }
}
