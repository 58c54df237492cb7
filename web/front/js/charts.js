// Chart.js, only the parts we draw with. Built into a file of its own; chart.js asks for it.
import {
  BarController, BarElement, CategoryScale, Chart, LinearScale, LineController, LineElement, PointElement, Tooltip,
} from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, LineController, LineElement, PointElement, Tooltip);

// Told apart without colours: by dashes and points in lines, by hatching in bars (css/chart.css shows the same dashes).
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
const POINTS = ["circle", "rectRot", "triangle", "rect"];
const HATCHES = [null, "M0 8 8 0", "M4 0V8", "M0 4H8"];

export function draw(figure) {
  const { kind, labels, series } = JSON.parse(figure.dataset.chart);
  const canvas = figure.querySelector("canvas");
  const style = getComputedStyle(figure);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  const rightToLeft = style.direction === "rtl";
  const font = { family: style.fontFamily, size: 12 };
  const values = series.flatMap((one) => one.values).filter((value) => value !== null);
  // A line that never comes near nothing (a rate) is not pressed flat by starting at nothing.
  const fromZero = kind === "bar" || Math.min(...values) < Math.max(...values) / 2;
  // Counts have nothing between them.
  const whole = values.every(Number.isInteger);
  const short = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 });

  return new Chart(canvas, {
    type: kind,
    data: { labels, datasets: series.map((one, place) => looks(kind, one, place, token(`chart-${place + 1}`), token("surface"))) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: {
          reverse: rightToLeft,
          grid: { display: false },
          border: { color: token("line") },
          ticks: { color: token("muted"), font, maxRotation: 0, autoSkipPadding: 16, align: kind === "line" ? "inner" : "center" },
        },
        y: {
          position: rightToLeft ? "right" : "left",
          beginAtZero: fromZero,
          grace: fromZero ? 0 : "8%",
          grid: { color: token("line"), tickLength: 0 },
          border: { display: false },
          ticks: { color: token("muted"), font, padding: 8, maxTicksLimit: 6, ...(whole && { precision: 0 }), callback: (value) => short.format(value) },
        },
      },
      plugins: {
        tooltip: {
          rtl: rightToLeft,
          textDirection: style.direction,
          backgroundColor: token("ink"),
          titleColor: token("on-ink"),
          bodyColor: token("on-ink"),
          titleFont: { ...font, weight: 600 },
          bodyFont: font,
          padding: 10,
          cornerRadius: 6,
          caretSize: 0,
          displayColors: series.length > 1,
          boxPadding: 4,
          callbacks: {
            label: ({ datasetIndex, dataIndex }) => {
              const { name, shown } = series[datasetIndex];
              return series.length > 1 ? `${name}: ${shown[dataIndex]}` : shown[dataIndex];
            },
          },
        },
      },
    },
  });
}

function looks(kind, one, place, colour, ground) {
  const common = { label: one.name, data: one.values, borderColor: colour };
  if (kind === "bar") {
    const fill = hatched(colour, ground, HATCHES[place]);
    return {
      ...common, backgroundColor: fill, hoverBackgroundColor: fill, hoverBorderColor: colour,
      borderWidth: HATCHES[place] ? 1.5 : 0, borderRadius: 3, maxBarThickness: 44,
    };
  }
  // Many points are only a line, but one between two gaps would not be seen at all.
  const alone = (at) => (one.values[at - 1] ?? null) === null && (one.values[at + 1] ?? null) === null;
  const few = one.values.length <= 14;
  return {
    ...common, backgroundColor: colour, borderWidth: 2, borderDash: DASHES[place], pointStyle: POINTS[place],
    pointRadius: ({ dataIndex }) => (few || alone(dataIndex) ? 3 : 0), pointHoverRadius: 5, pointHitRadius: 12, borderJoinStyle: "round", cubicInterpolationMode: "monotone",
  };
}

function hatched(colour, ground, path) {
  if (!path) return colour;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.fillStyle = ground;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.stroke(new Path2D(path));
  return pen.createPattern(tile, "repeat");
}
