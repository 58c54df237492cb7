// Loaded by chart.js only where a page has a chart.
export {};
