// The page stays true: the server hints that something changed, and the parts marked data-live are fetched anew.

const banner = document.getElementById("connection");
const scroller = document.getElementById("feed-scroll");
const timeline = document.getElementById("timeline");
let looking = false;
let lookAgain = false;
let silence = 0;

function address() {
  const url = new URL(location.href);
  url.searchParams.delete("reply");
  url.hash = "";
  if (timeline) url.searchParams.set("entries", String(Math.min(600, timeline.children.length + 20)));
  return url;
}

async function look() {
  if (looking) {
    lookAgain = true;
    return;
  }
  looking = true;
  try {
    const response = await fetch(address(), { headers: { "Muster-Fragment": "1" } });
    if (response.status === 401) return ended();
    if (response.status === 404 || response.status === 403) return location.reload();
    if (response.ok) become(parse(await response.text()));
  } catch {
    showBanner(true);
  } finally {
    looking = false;
    if (lookAgain) {
      lookAgain = false;
      setTimeout(look, 150);
    }
  }
}

function become(page) {
  const away = scroller ? -scroller.scrollTop : 0;
  const height = scroller ? scroller.scrollHeight : 0;
  const known = timeline ? new Set([...timeline.children].map((row) => row.id)) : null;
  for (const next of page.querySelectorAll("[data-live]")) {
    const here = document.getElementById(next.id);
    if (here) morph(here, next);
  }
  const heading = page.querySelector(".head > div");
  const mine = document.querySelector("main > .head > div");
  if (heading && mine && document.body.dataset.news === "/events") morph(mine, heading);
  document.title = page.title;
  refreshTimes(document);
  if (known) arrived(known, away, height);
  markUnread();
}

// New rows glow for a moment. Who reads further up is not moved, and told that there is something new.
function arrived(known, away, height) {
  const fresh = [...timeline.children].filter((row) => row.matches(".entry") && !known.has(row.id));
  for (const row of fresh) {
    row.classList.add("entry-new");
    setTimeout(() => row.classList.remove("entry-new"), 2000);
  }
  if (away > 60) {
    scroller.scrollTop -= scroller.scrollHeight - height;
    if (fresh.length) showNewBelow();
  }
}

function showNewBelow() {
  if (document.querySelector(".feed-new")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button primary feed-new";
  button.textContent = "New below ↓";
  button.addEventListener("click", () => {
    scroller.scrollTo({ top: 0, behavior: "smooth" });
    button.remove();
  });
  scroller.parentElement.append(button);
}

if (scroller) {
  scroller.addEventListener("scroll", () => {
    const button = document.querySelector(".feed-new");
    if (button && -scroller.scrollTop < 20) button.remove();
  });
}

function showBanner(isLost) {
  if (banner) banner.hidden = !isLost;
}

function ended() {
  if (banner) {
    const link = document.createElement("a");
    link.href = "/login";
    link.textContent = "How to sign in";
    banner.replaceChildren("You are signed out. ", link);
    banner.hidden = false;
  }
  stop();
}

let source = null;
let retry = 0;

function stop() {
  if (source) source.close();
  source = null;
  clearInterval(watchdog);
}

// Comes back by itself; the pause grows a little, so that a restarted server is not stormed.
function connect() {
  const news = document.body.dataset.news;
  if (!news || !window.EventSource) return;
  source = new EventSource(news);
  const alive = () => {
    silence = 0;
    retry = 0;
    showBanner(false);
  };
  source.addEventListener("ready", () => {
    alive();
    look();
  });
  source.addEventListener("change", () => {
    alive();
    look();
  });
  source.addEventListener("beat", alive);
  source.addEventListener("end", () => {
    stop();
    look().then(() => location.reload());
  });
  source.addEventListener("error", () => lost());
}

function lost() {
  if (!source) return;
  source.close();
  source = null;
  showBanner(true);
  retry += 1;
  setTimeout(connect, Math.min(10000, 500 * 2 ** Math.min(retry, 5)) * (0.5 + Math.random() / 2));
}

// A line that is dead without saying so: nothing was heard for longer than three heartbeats.
const watchdog = setInterval(() => {
  silence += 5;
  if (silence > 45 && source) {
    silence = 0;
    lost();
  }
}, 5000);

addEventListener("pagehide", () => source && source.close());
addEventListener("pageshow", (event) => event.persisted && location.reload());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && document.body.dataset.news && look());

// The page above: its rows go in front, without moving what is read.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-older]");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  try {
    const page = parse(await (await fetch(link.href, { headers: { "Muster-Fragment": "1" } })).text());
    const older = document.getElementById("older");
    older.prepend(...page.getElementById("timeline").children);
    document.getElementById("older-link").replaceChildren(...page.getElementById("older-link").childNodes);
  } catch {
    location.assign(link.href);
  }
});

// What I was told since I last looked at the board.
function markUnread() {
  const told = [...document.querySelectorAll(".told > li[data-at]")];
  if (!told.length) return;
  const seen = Number(sessionStorage.getItem("told-before") ?? localStorage.getItem("told") ?? 0);
  if (sessionStorage.getItem("told-before") === null) sessionStorage.setItem("told-before", String(seen));
  for (const one of told) one.classList.toggle("unread", Number(one.dataset.at) > seen);
  localStorage.setItem("told", String(Math.max(...told.map((one) => Number(one.dataset.at)))));
}

markUnread();
connect();
