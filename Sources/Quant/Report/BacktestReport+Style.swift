// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension BacktestReport {
    /// The style sheet: system fonts, one accent, light or dark as the reader's device is.
    static let style = """
        :root { --paper: #fbfbf9; --card: #ffffff; --ink: #1d2329; --soft: #626b75;
          --rule: #e3e4e0; --equity: #1f5fa8; --price: #6b7480; --gain: #1b7f4b; --loss: #b3372f;
          --gain-rgb: 27, 127, 75; --loss-rgb: 179, 55, 47; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #14171a; --card: #1b1f23; --ink: #e4e7ea; --soft: #98a1ab;
            --rule: #2d3339; --equity: #6fb0f2; --price: #98a1ab; --gain: #4fc387; --loss: #f0837a;
            --gain-rgb: 79, 195, 135; --loss-rgb: 240, 131, 122; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
        main { max-width: 1040px; margin: 0 auto; padding: 32px 20px 64px; }
        h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; }
        h2 { font-size: 17px; margin: 32px 0 10px; }
        header p, .note, figcaption { color: var(--soft); margin: 0; }
        code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        code { overflow-wrap: anywhere; }
        pre { background: var(--card); border: 1px solid var(--rule); border-radius: 6px;
          padding: 14px 16px; overflow-x: auto; }
        .tiles { display: grid; gap: 10px; margin: 22px 0 8px;
          grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); }
        .tiles div { background: var(--card); border: 1px solid var(--rule); border-radius: 6px;
          padding: 10px 14px; }
        .tiles span { display: block; color: var(--soft); font-size: 13px; }
        .tiles strong { font-size: 20px; font-variant-numeric: tabular-nums; }
        figure { margin: 26px 0 0; }
        figcaption { font-size: 13px; margin-bottom: 4px; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--soft); font-size: 12px; }
        .value { text-anchor: end; dominant-baseline: middle; }
        .time { text-anchor: middle; }
        .grid { stroke: var(--rule); fill: none; }
        .line { fill: none; stroke-width: 1.6; stroke-linejoin: round;
          vector-effect: non-scaling-stroke; }
        .line.equity { stroke: var(--equity); }
        .line.price { stroke: var(--price); stroke-width: 1.2; }
        .line.drawdown { stroke: var(--loss); stroke-width: 1.2; }
        .area.drawdown { fill: var(--loss); opacity: 0.16; }
        .mark { stroke: var(--card); stroke-width: 0.5; }
        .entry { fill: var(--equity); }
        .gain { fill: var(--gain); }
        .loss { fill: var(--loss); }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: 4px 8px; border-bottom: 1px solid var(--rule); text-align: right; }
        th { font-weight: 500; color: var(--soft); }
        .columns { display: grid; gap: 0 40px; align-items: start;
          grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); }
        .columns th { text-align: left; }
        .wide { overflow-x: auto; }
        .months th, .months td { font-size: 13px; padding: 4px 6px; }
        .months td:last-child { font-weight: 600; }
        .trades td { font-size: 13px; white-space: nowrap; }
        summary { cursor: pointer; font-size: 17px; font-weight: 600; margin: 32px 0 10px; }
        ul { padding-left: 20px; color: var(--soft); }
        .g1 { background: rgba(var(--gain-rgb), 0.08); }
        .l1 { background: rgba(var(--loss-rgb), 0.08); }
        .g2 { background: rgba(var(--gain-rgb), 0.16); }
        .l2 { background: rgba(var(--loss-rgb), 0.16); }
        .g3 { background: rgba(var(--gain-rgb), 0.24); }
        .l3 { background: rgba(var(--loss-rgb), 0.24); }
        .g4 { background: rgba(var(--gain-rgb), 0.32); }
        .l4 { background: rgba(var(--loss-rgb), 0.32); }
        .g5 { background: rgba(var(--gain-rgb), 0.42); }
        .l5 { background: rgba(var(--loss-rgb), 0.42); }
        @media print { body { background: none; } .tiles div, pre { break-inside: avoid; } }
        """
}
