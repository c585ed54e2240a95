/** What the timeline looks like. */

/** Its part of the style sheet. */
export const TIMELINE_CSS = `
.hfs-timeline { position: relative; flex: none; padding-block-end: 4px; border-block-end: 1px solid var(--edge); }
.hfs-row { display: grid; grid-template-columns: var(--gutter) minmax(0, 1fr) 12px; }
.hfs-name {
  padding: 1px 8px;
  overflow: hidden;
  color: var(--muted);
  font-size: 11px;
  line-height: 15px;
  text-align: end;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.hfs-ruler { position: relative; block-size: 20px; }
.hfs-tick {
  position: absolute;
  inset-block: 0;
  padding-inline-start: 4px;
  color: var(--muted);
  font-size: 10px;
  line-height: 18px;
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
}
.hfs-grid { position: absolute; inset: 20px 12px 0 var(--gutter); pointer-events: none; }
.hfs-grid i { position: absolute; inset-block: 0; inline-size: 1px; background: var(--edge); opacity: .6; }
.hfs-bars { position: relative; block-size: 17px; }
.hfs-thin .hfs-bars { block-size: 8px; }
.hfs-mark {
  --tone: var(--idle);
  position: absolute;
  inset-block: 1px;
  min-inline-size: 2px;
  overflow: hidden;
  container-type: inline-size;
  border: 0 solid var(--tone);
  border-inline-start-width: 2px;
  border-radius: 1px;
  background: color-mix(in srgb, var(--tone) 20%, var(--bg));
  font-size: 10px;
  line-height: 15px;
  white-space: nowrap;
}
.hfs-mark span { display: block; padding-inline: 4px; overflow: hidden; text-overflow: ellipsis; }
@container (width < 26px) { .hfs-mark span { display: none; } }
.hfs-thin .hfs-mark { border-inline-start-width: 0; background: color-mix(in srgb, var(--tone) 70%, var(--bg)); cursor: pointer; }
.hfs-mark[data-tone=ok] { --tone: var(--ok); }
.hfs-mark[data-tone=info] { --tone: var(--info); }
.hfs-mark[data-tone=warn] { --tone: var(--warn); }
.hfs-mark[data-tone=bad] { --tone: var(--bad); }
.hfs-lane[data-lane=connection] .hfs-mark[data-tone=ok], .hfs-lane[data-lane=phase] .hfs-mark[data-tone=ok] {
  background: color-mix(in srgb, var(--tone) 9%, var(--bg));
}
.hfs-mark[data-chosen=true] { outline: 2px solid var(--accent); outline-offset: 0; z-index: 1; }
.hfs-coming {
  position: absolute;
  inset-block: 0;
  inset-inline-end: 0;
  background: color-mix(in srgb, var(--bg) 62%, transparent);
}
.hfs-over { position: absolute; inset: 0 12px 0 var(--gutter); pointer-events: none; }
.hfs-now { position: absolute; inset-block: 0; inline-size: 1px; margin-inline-start: -.5px; background: var(--accent); }
.hfs-now::before {
  content: '';
  position: absolute;
  inset-block-start: 4px;
  inset-inline-start: -5px;
  inline-size: 11px;
  block-size: 12px;
  border-radius: 3px 3px 6px 6px;
  background: var(--accent);
}
.hfs-scrub {
  position: absolute;
  inset-block-start: -4px;
  inset-inline: calc(var(--gutter) - 8px) 4px;
  inline-size: auto;
  block-size: 24px;
  opacity: 0;
  cursor: ew-resize;
}
.hfs-timeline:has(.hfs-scrub:focus-visible) .hfs-now::before { outline: 2px solid var(--accent); outline-offset: 2px; }
`
