// Times that say “5 minutes ago” keep saying what is true.

function inWords(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const [count, unit] =
    minutes < 90 ? [minutes, "minute"] : minutes < 2880 ? [Math.floor((minutes + 30) / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function relative(date) {
  const seconds = (Date.now() - date.getTime()) / 1000;
  if (Math.abs(seconds) < 60) return "just now";
  return seconds > 0 ? `${inWords(seconds)} ago` : `in ${inWords(seconds)}`;
}

function refreshTimes(root) {
  for (const time of root.querySelectorAll('time[data-time="relative"]')) {
    const text = relative(new Date(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}

setInterval(() => refreshTimes(document), 15000);
