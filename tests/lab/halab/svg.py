# SPDX-License-Identifier: Apache-2.0
"""A small SVG writer: a canvas with a time axis, and the marks that the drill's pictures are made of.

Knows nothing of the drill. Colours are CSS classes, so that one picture serves light, dark and paper. Times are in
milliseconds, lengths in SVG user units.
"""

import html


def escape(text):
    return html.escape(str(text), quote=True)


def number(value):
    """A coordinate without needless digits."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


class Canvas:
    def __init__(self, width, left, right, start, end, description):
        self.width = width
        self.left = left
        self.right = width - right
        self.start = start
        self.end = max(end, start + 1)
        self.description = description
        self.parts = []

    def x(self, moment):
        share = (moment - self.start) / (self.end - self.start)
        return self.left + min(max(share, 0), 1) * (self.right - self.left)

    def add(self, part):
        self.parts.append(part)

    def line(self, x1, y1, x2, y2, style):
        self.add(f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" class="{style}"/>')

    def rect(self, x, y, width, height, style, radius=0, title=None):
        rounded = f' rx="{radius}"' if radius else ""
        tip = f"<title>{escape(title)}</title>" if title else ""
        self.add(f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 0.5))}" height="{number(height)}"'
                 f'{rounded} class="{style}">{tip}</rect>')

    def text(self, x, y, words, style="", anchor="start"):
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.add(f'<text x="{number(x)}" y="{number(y)}"{place} class="{style}">{escape(words)}</text>')

    def path(self, data, style, stroke_width=None):
        if data:
            width = f' stroke-width="{number(stroke_width)}"' if stroke_width else ""
            self.add(f'<path d="{data}" class="{style}"{width}/>')

    def bar(self, start, end, y, height, style, title=None):
        """A rounded bar over a span of time."""
        if end >= self.start and start <= self.end:
            self.rect(self.x(start), y, self.x(end) - self.x(start), height, style, 2, title)

    def ticks(self, moments, y, height, style):
        """One thin line for each moment."""
        self.path("".join(f"M{number(self.x(moment))} {number(y)}v{number(height)}" for moment in moments
                          if self.start <= moment <= self.end), style)

    def diamond(self, moment, y, size, style, title):
        x = self.x(moment)
        self.add(f'<path d="M{number(x)} {number(y - size)}l{size} {size}l-{size} {size}l-{size} -{size}z" '
                 f'class="{style}"><title>{escape(title)}</title></path>')

    def dimension(self, start, end, y, words, style):
        """A measured span: an arrow-headed line with its length written above, beside it where it is too short."""
        x1, x2 = self.x(start), self.x(end)
        ends = "".join(f"M{number(x)} {number(y - 4)}v8" for x in (x1, x2))
        self.path(f"{ends}M{number(x1)} {number(y)}H{number(x2)}", f"dimension {style}")
        needed = 6.4 * len(words)
        if x2 - x1 > needed * 0.8:
            self.text((x1 + x2) / 2, y - 5, words, f"measure {style}", "middle")
        elif x2 + needed < self.right:
            self.text(x2 + 5, y + 4, words, f"measure {style}")
        else:
            self.text(x1 - 5, y + 4, words, f"measure {style}", "end")

    def axis(self, y, step, top):
        """Labelled times along the bottom, with faint lines up to `top`."""
        moment = -(-self.start // step) * step
        while moment <= self.end:
            x = self.x(moment)
            self.line(x, top, x, y, "grid")
            digits = 0 if step >= 1000 else 1 if step >= 100 else 2
            self.text(x, y + 13, f"{moment / 1000:.{digits}f} s", "axis", "middle")
            moment += step

    def finish(self, height):
        return (f'<svg viewBox="0 0 {number(self.width)} {number(height)}" role="img" '
                f'aria-label="{escape(self.description)}" xmlns="http://www.w3.org/2000/svg">'
                + "".join(self.parts) + "</svg>")


class LabelRows:
    """Places labels in the first row in which they do not touch the one before."""

    def __init__(self, rows):
        self.ends = [float("-inf")] * rows

    def place(self, x, width):
        for row, end in enumerate(self.ends):
            if x >= end:
                self.ends[row] = x + width
                return row
        row = min(range(len(self.ends)), key=lambda index: self.ends[index])
        self.ends[row] = x + width
        return row
