// One module a behaviour; the imports are put in place when static files are collected.
import "./htmx-loader.js";
import "./switches.js";
import "./menus.js";
import "./bell.js";
import "./focus.js";
import "./live.js";
import "./dialogs.js";
import "./tooltips.js";
import "./toasts.js";
import "./lists.js";
import "./files.js";
import "./roles.js";
import "./time-zone.js";
import "./search.js";
import "./article.js";
import "./offline.js";
