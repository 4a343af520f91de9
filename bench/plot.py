"""The medians as bars, in SVG: a block for each measure, a bar for each server."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench.measuring import Measure
from bench.report import number
from bench.servers import Server
from bench.side_by_side import Results

WIDTH, LABELS, VALUES, BAR, GAP, HEAD = 860, 190, 130, 18, 26, 38
COLOURS = ("#0f8b8d", "#8bb9ba", "#d9a441", "#7a8b3a", "#8a6fa8", "#999999")


def svg(results: Sequence[Results], servers: Sequence[Server]) -> str:
    """A whole file. What was skipped has no bar; what failed says so."""
    blocks: list[str] = []
    top = 16
    for result in results:
        for measure in result.scenario.measures:
            shown = [server for server in servers if server.key not in result.skipped]
            blocks.append(_block(result, measure, shown, servers, top))
            top += HEAD + len(shown) * (BAR + 4) + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}" '
        'font-family="system-ui, sans-serif" font-size="13" fill="#1f2328">\n'
        f'<rect width="{WIDTH}" height="{top}" fill="#ffffff"/>\n' + "\n".join(blocks) + "\n</svg>\n"
    )


def _block(result: Results, measure: Measure, shown: Sequence[Server], servers: Sequence[Server], top: int) -> str:
    medians = {server.key: result.median(server.key, measure.key) for server in shown}
    most = max((value for value in medians.values() if value), default=1.0)
    better = "more is better" if measure.better == "more" else "less is better"
    lines = [
        f'<text x="16" y="{top + 12}" font-weight="600">{escape(result.scenario.title)}</text>',
        f'<text x="16" y="{top + 28}" fill="#59636e">{escape(measure.label)}, {escape(measure.unit)}; {better}</text>',
    ]
    for row, server in enumerate(shown):
        y = top + HEAD + row * (BAR + 4)
        value = medians[server.key]
        width = 0.0 if value is None else max(1.0, (WIDTH - LABELS - VALUES) * value / most)
        text = "failed" if value is None else number(value)
        colour = COLOURS[list(servers).index(server) % len(COLOURS)]
        lines += [
            f'<text x="{LABELS - 8}" y="{y + 14}" text-anchor="end">{escape(server.title)}</text>',
            f'<rect x="{LABELS}" y="{y}" width="{width:.1f}" height="{BAR}" rx="3" fill="{colour}"/>',
            f'<text x="{LABELS + width + 6:.1f}" y="{y + 14}">{text}</text>',
        ]
    return "\n".join(lines)
