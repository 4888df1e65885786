// Forms and buttons without loading the page: what comes back is a form for the dialog, an answer, or somewhere to go.

const dialog = document.getElementById("dialog");
const dialogBody = document.getElementById("dialog-body");
const reply = document.getElementById("reply");

function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(13));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!except || !(menu === except || menu.contains(except))) menu.open = false;
  }
}

function showDialog(nodes) {
  dialogBody.replaceChildren(...nodes);
  if (!dialog.open) dialog.showModal();
  const fields = [...dialogBody.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), textarea, select")];
  const shown = fields.filter((field) => field.checkVisibility());
  const first = shown.find((field) => !field.value) || shown[0] || dialogBody.querySelector(".form-buttons .button");
  if (first) first.focus();
}

let fading = 0;

// An answer stays until it is dismissed; a plain “done” goes by itself, unless somebody is at it.
function showReply(nodes) {
  const room = reply || dialogBody;
  clearTimeout(fading);
  room.replaceChildren(...nodes);
  refreshTimes(room);
  if (!reply && !dialog.open) dialog.showModal();
  if (!reply) return;
  reply.scrollTop = 0;
  if (reply.querySelector(".view-good") && !reply.querySelector(".button, .menu-item")) fading = setTimeout(fade, 9000);
}

function fade() {
  if (reply.matches(":hover, :focus-within")) fading = setTimeout(fade, 3000);
  else reply.replaceChildren();
}

function note(html) {
  return parse(html).body.childNodes;
}

const UNREACHABLE =
  '<div class="refusal refusal-failed" role="alert"><div><p><strong>Muster cannot be reached.</strong></p>' +
  "<p>It was not confirmed. Sending it again is safe: it has one effect.</p>" +
  '<p class="instead"><button type="button" class="button" data-again>Send it again</button></p></div></div>';

let again = null;

async function send(form, submitter, body, patience = 40) {
  const buttons = submitter ? [submitter] : [];
  for (const button of buttons) button.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.getAttribute("action") || "/do", {
      method: "POST",
      body,
      headers: { "Muster-Fragment": "1" },
      signal: AbortSignal.timeout(20000),
    });
    const shows = response.headers.get("muster-shows");
    if (shows === "go") {
      location.assign(response.headers.get("muster-go"));
      return true;
    }
    take(shows, await response.text(), form);
    if (shows === "late" && patience > 0) setTimeout(() => send(form, null, body, patience - 1), 3000);
    if (shows === "view") look();
    return shows === "view" || shows === "form";
  } catch {
    again = () => send(form, submitter, body);
    problem(note(UNREACHABLE), form);
    return false;
  } finally {
    for (const button of buttons) button.removeAttribute("aria-busy");
  }
}

function problem(nodes, form) {
  const slot = form.isConnected && form.querySelector(".form-problem");
  if (slot) {
    slot.replaceChildren(...nodes);
    slot.scrollIntoView({ block: "nearest" });
  } else {
    showReply(nodes);
  }
}

function take(shows, html, form) {
  const nodes = parse(html).body.childNodes;
  if (shows === "form") return showDialog(nodes);
  if (shows === "view") {
    if (dialog.open) dialog.close();
    return showReply(nodes);
  }
  if (shows === "refusal" || shows === "late" || shows === "failed") {
    const slot = form.isConnected && form.querySelector(".form-problem");
    return problem(slot ? [...nodes].filter((node) => node.nodeName === "DIV" && node.matches(".refusal")) : nodes, form);
  }
  // A whole page: signed out, or not ours.
  const page = parse(html).querySelector("main section");
  showDialog(page ? [page] : nodes);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-send]")) return;
  event.preventDefault();
  if (form.matches("[data-command]")) return;
  closeMenus();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  send(form, event.submitter, body);
});

// Links to a form or a card open in the dialog, unless a new tab is wanted.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-show]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  try {
    const response = await fetch(link.href, { headers: { "Muster-Fragment": "1" } });
    const page = parse(await response.text()).querySelector("main");
    const sheet = page && (page.querySelector("[data-sheet]") || page);
    if (!response.ok || !sheet) throw new Error("no sheet");
    showDialog([...sheet.childNodes]);
  } catch {
    location.assign(link.href);
  }
});

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("[data-again]") && again) {
    const resend = again;
    again = null;
    resend();
  }
  const close = target.closest("[data-close]");
  if (close && dialog.contains(close)) {
    event.preventDefault();
    dialog.close();
  }
  if (target === dialog) dialog.close();
  const dismiss = target.closest("[data-dismiss]");
  if (dismiss && reply && reply.contains(dismiss)) dismissReply();
  closeMenus(target.closest("details.menu"));
});

function dismissReply() {
  reply.replaceChildren();
  if (location.search.includes("reply=")) history.replaceState(null, "", location.pathname);
  const line = document.getElementById("command-line");
  if (line && matchMedia("(hover: hover)").matches) line.focus();
}

if (dialog) dialog.addEventListener("close", () => dialog.open || dialogBody.replaceChildren());
