// Keys: / to the command line, n for a new incident, ? for help; and lines that refusals offer.

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "/" && commandLine) {
    event.preventDefault();
    commandLine.focus();
  } else if (event.key === "n") {
    const declare = document.getElementById("declare");
    event.preventDefault();
    if (declare) declare.click();
    else location.assign("/new");
  } else if (event.key === "?") {
    event.preventDefault();
    location.assign("/help");
  }
});

document.addEventListener("click", (event) => {
  const offered = event.target.closest("[data-line]");
  if (!offered || !commandLine) return;
  if (dialog.open) dialog.close();
  commandLine.value = offered.dataset.line;
  commandLine.focus();
  commandLine.setSelectionRange(commandLine.value.length, commandLine.value.length);
});

// Filters apply as soon as something is chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-filter]");
  if (form) form.requestSubmit();
});

// A menu opens upwards where there is no room below.
document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches("details.menu")) return;
    menu.classList.remove("menu-up");
    if (!menu.open) return;
    const room = menu.closest(".feed-scroll, .reply") || document.documentElement;
    const edge = Math.min(innerHeight, room.getBoundingClientRect().bottom);
    const items = menu.querySelector(".menu-items").getBoundingClientRect();
    if (items.bottom > edge && items.top - items.height > 60) menu.classList.add("menu-up");
  },
  true,
);
