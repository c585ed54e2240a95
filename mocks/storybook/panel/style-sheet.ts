/** What the panel looks like. Its colours are in `looks.ts`. */
import { TIMELINE_CSS } from './timeline-style.js'

/** The style sheet. */
export const PANEL_CSS = `
.hfs {
  --gutter: 84px;
  --muted: color-mix(in srgb, var(--fg) 74%, var(--bg));
  --soft: color-mix(in srgb, var(--fg) 5%, var(--bg));
  --edge: color-mix(in srgb, var(--fg) 14%, var(--bg));
  box-sizing: border-box;
  display: flex;
  flex-direction: column;
  block-size: 100%;
  min-block-size: 0;
  container: hfs / inline-size;
  background: var(--bg);
  color: var(--fg);
  font: 12px/16px var(--sans);
  direction: ltr;
  text-align: start;
}
.hfs *, .hfs *::before { box-sizing: border-box; }
.hfs :is(button, select, input) { font: inherit; color: inherit; margin: 0; }
.hfs :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.hfs-none { margin: auto; max-inline-size: 56ch; padding: 24px; color: var(--muted); text-align: center; }
.hfs-none code { font-family: var(--mono); }

.hfs-bar {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 2px 4px;
  padding: 4px 8px;
  border-block-end: 1px solid var(--edge);
}
.hfs-icon {
  display: inline-grid;
  place-items: center;
  inline-size: 26px;
  block-size: 26px;
  padding: 0;
  border: 0;
  border-radius: 4px;
  background: none;
  cursor: pointer;
}
.hfs-icon:hover { background: var(--soft); }
.hfs-icon svg { inline-size: 14px; block-size: 14px; fill: currentColor; }
.hfs-time {
  min-inline-size: 17ch;
  padding-inline: 6px;
  font-family: var(--mono);
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
}
.hfs-time span { color: var(--muted); }
.hfs-select, .hfs-field {
  block-size: 24px;
  padding: 0 6px;
  border: 1px solid color-mix(in srgb, var(--fg) 50%, var(--bg));
  border-radius: 4px;
  background: var(--bg);
}
.hfs-story {
  flex: 1 1 12ch;
  min-inline-size: 0;
  margin: 0;
  padding-inline: 6px;
  overflow: hidden;
  color: var(--muted);
  text-overflow: ellipsis;
  white-space: nowrap;
}
.hfs-story b { color: var(--fg); font-weight: 600; }
.hfs-story[data-failed=true] { color: var(--bad); white-space: normal; }
.hfs-text {
  block-size: 24px;
  padding: 0 8px;
  border: 1px solid var(--edge);
  border-radius: 4px;
  background: var(--bg);
  white-space: nowrap;
  cursor: pointer;
}
.hfs-text:hover { background: var(--soft); }

.hfs-body { flex: 1; min-block-size: 0; overflow: auto; display: flex; flex-direction: column; }
${TIMELINE_CSS}
.hfs-parts { flex: none; display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 6px 8px; border-block-end: 1px solid var(--edge); }
.hfs-part { display: flex; flex-wrap: wrap; align-items: center; gap: 3px; margin: 0; padding: 0; border: 0; min-inline-size: 0; }
.hfs-part > :first-child { color: var(--muted); font-size: 11px; padding-inline-end: 4px; }
.hfs-fault {
  block-size: 24px;
  padding: 0 7px;
  border: 1px solid var(--edge);
  border-radius: 12px;
  background: var(--bg);
  white-space: nowrap;
  cursor: pointer;
}
.hfs-fault:hover { background: var(--soft); }
.hfs-fault[aria-pressed=true] {
  border-color: var(--bad);
  background: color-mix(in srgb, var(--bad) 20%, var(--bg));
  font-weight: 600;
}

.hfs-log { flex: 1 0 120px; display: flex; flex-direction: column; min-block-size: 0; }
.hfs-log .hfs-bar { border: 0; padding-block: 4px 2px; }
.hfs-field { flex: 0 1 26ch; min-inline-size: 10ch; }
.hfs-count { padding-inline: 6px; color: var(--muted); font-variant-numeric: tabular-nums; }
.hfs-scroll { flex: 1; min-block-size: 0; overflow: auto; scroll-padding-block-start: 21px; }
.hfs .hfs-scroll:focus-visible { outline-offset: -2px; }
.hfs-table { inline-size: 100%; border-collapse: collapse; font: 11px/16px var(--mono); font-variant-numeric: tabular-nums; }
.hfs-table th {
  position: sticky;
  inset-block-start: 0;
  background: var(--bg);
  color: var(--muted);
  font: 11px/16px var(--sans);
  text-align: start;
}
.hfs-table :is(th, td) { padding: 2px 8px; border-block-end: 1px solid color-mix(in srgb, var(--fg) 6%, var(--bg)); white-space: nowrap; }
.hfs-table .hfs-asked { max-inline-size: 34ch; overflow: hidden; text-overflow: ellipsis; }
.hfs-table :is(th, td).hfs-number { text-align: end; }
.hfs-table tr[data-chosen=true] td { background: color-mix(in srgb, var(--accent) 14%, var(--bg)); }
.hfs-came::before {
  content: '';
  display: inline-block;
  inline-size: 7px;
  block-size: 7px;
  margin-inline-end: 6px;
  border-radius: 50%;
  background: var(--idle);
}
.hfs-came[data-tone=ok]::before { background: var(--ok); }
.hfs-came[data-tone=info]::before { background: var(--info); }
.hfs-came[data-tone=warn]::before { background: var(--warn); }
.hfs-came[data-tone=bad]::before { background: var(--bad); }
.hfs-table td:has(> .hfs-id) { padding-block: 0; }
.hfs-id { min-inline-size: 24px; block-size: 24px; padding: 0 2px; border: 0; border-radius: 4px; background: none; text-align: end; cursor: pointer; }
.hfs .hfs-id:focus-visible { outline-offset: -2px; }
.hfs-table tbody tr:not([data-chosen=true]):hover td { background: var(--soft); }

.hfs-lower { flex: 1 0 auto; display: flex; flex-direction: column; }
@container hfs (width >= 860px) {
  .hfs-lower { flex: 1 0 176px; flex-direction: row; min-block-size: 0; block-size: 0; }
  .hfs-lower .hfs-parts {
    flex: 0 0 372px;
    flex-direction: column;
    flex-wrap: nowrap;
    overflow: auto;
    border-block-end: 0;
    border-inline-end: 1px solid var(--edge);
  }
  .hfs-lower .hfs-parts > * { flex: none; }
  .hfs-lower .hfs-part { padding-inline-start: 56px; position: relative; }
  .hfs-lower .hfs-part > :first-child { position: absolute; inset: 3px auto auto 0; inline-size: 50px; text-align: end; padding: 0; }
  .hfs-lower .hfs-parts > .hfs-fault { align-self: flex-start; margin-inline-start: 56px; }
  .hfs-lower .hfs-log { flex: 1; min-inline-size: 0; }
}
@container hfs (width < 560px) {
  .hfs-timeline { --gutter: 78px; }
  .hfs-table :is(.hfs-transport, .hfs-took, .hfs-after) { display: none; }
}
@media (forced-colors: active) {
  .hfs-mark, .hfs-came::before, .hfs-now, .hfs-now::before { forced-color-adjust: none; }
  .hfs-fault[aria-pressed=true] { border: 2px solid Highlight; }
  .hfs-table tr[data-chosen=true] td { outline: 1px solid Highlight; }
}
`
