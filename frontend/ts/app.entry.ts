// What every page loads. Pages work without it; it saves steps where it runs.
import { startAutosave } from "./autosave";
import { startCombos } from "./combo";
import { startCopy } from "./copy";
import { startCounts } from "./count";
import { startDates } from "./dates";
import { startDialogs } from "./dialogs";
import { startErrorSummary } from "./errors";
import { startHotkeys } from "./hotkeys";
import { startHtmx } from "./htmx";
import { startLists } from "./lists";
import { startLocation } from "./location";
import { startMaps } from "./maps";
import { startMenus } from "./menus";
import { startSelect } from "./select";
import { startSubmitOnce } from "./submit";
import { startUploads } from "./upload";
import { startViewer } from "./viewer";

document.documentElement.classList.add("s-scripted");

startHtmx();
startAutosave();
startCombos();
startCopy();
startCounts();
startDates();
startDialogs();
startErrorSummary();
startHotkeys();
startLists();
startLocation();
startMaps();
startMenus();
startSelect();
startSubmitOnce();
startUploads();
startViewer();
