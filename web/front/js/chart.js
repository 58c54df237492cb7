// data-chart on a figure: what web/charts.py wrote is drawn on its canvas. Chart.js is fetched only where a chart stands;
// app.js is served under a mark of its content, so the page says where charts.js is.
const address = document.currentScript?.dataset.charts;
const drawn = new Map();

async function drawAll() {
  for (const [figure, chart] of drawn) {
    if (figure.isConnected) continue;
    chart.destroy();
    drawn.delete(figure);
  }
  const waiting = [...document.querySelectorAll("[data-chart]")].filter((figure) => !drawn.has(figure));
  if (!waiting.length) return;
  const [{ draw }] = await Promise.all([import(address), document.fonts.ready]);
  for (const figure of waiting) if (figure.isConnected && !drawn.has(figure)) drawn.set(figure, draw(figure));
}

// Colours are read from the tokens when a chart is drawn: with another theme it is drawn again.
function drawAgain() {
  for (const chart of drawn.values()) chart.destroy();
  drawn.clear();
  drawAll();
}

document.addEventListener("DOMContentLoaded", drawAll);
document.addEventListener("htmx:after:swap", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAgain);
new MutationObserver(drawAgain).observe(document.documentElement, { attributeFilter: ["data-theme"] });
