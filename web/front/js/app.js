// Everything a page of the frame does by itself. Parts that act on an attribute listen on the document and are only imported;
// parts with a state of their own are Alpine components, registered below. A plugin's script may register more on
// `alpine:init`: Alpine starts when every deferred script has run.
import "htmx.org";
import Alpine from "@alpinejs/csp";
import { calendar } from "./calendar.js";
import "./chart.js";
import { choose } from "./choose.js";
import "./copy.js";
import "./dialog.js";
import "./draft.js";
import "./file.js";
import "./focus.js";
import "./grouped.js";
import "./keys.js";
import "./lost.js";
import "./live.js";
import "./menu.js";
import "./once.js";
import "./palette.js";
import "./panels.js";
import "./picking.js";
import "./ready.js";
import "./shortcuts.js";
import "./tabs.js";
import "./theme.js";
import "./tidy.js";
import "./tip.js";
import "./toast.js";
import "./waiting.js";

Alpine.data("calendar", calendar);
Alpine.data("choose", choose);

window.Alpine = Alpine;
document.addEventListener("DOMContentLoaded", () => Alpine.start());
