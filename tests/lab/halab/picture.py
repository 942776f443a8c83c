# SPDX-License-Identifier: Apache-2.0
"""The pictures of one drill: the timeline of all steps, and a closer look at each takeover.

Input is the dictionary of timeline.json (see drill.py), times in ms; output is SVG text. Judges nothing.
"""

from halab.svg import Canvas, LabelRows, number

WIDTH = 1200
LEFT, RIGHT = 128, 14
DIRECTOR_STYLE = {"lb01": "d1", "lb02": "d2"}
OK = 1


class Lanes:
    """Draws the lanes that all pictures share onto a canvas, each at a height that the caller gives."""

    def __init__(self, canvas, data):
        self.canvas = canvas
        self.data = data
        self.server_names = list(data["servers"])

    def label(self, y, name, detail=""):
        self.canvas.text(LEFT - 10, y, name, "lane", "end")
        if detail:
            self.canvas.text(LEFT - 10, y + 12, detail, "detail", "end")

    def owner_spans(self, name):
        """(start, end) of each time in which a director holds the virtual address."""
        return _spans([(moment, has) for moment, who, has in self.data["vip_changes"] if who == name], _end(self.data))

    def table_spans(self, director, server):
        changes = [(moment, table.get(server, 0) > 0) for moment, who, table in self.data["table_changes"]
                   if who == director]
        return _spans(changes, _end(self.data))

    def director(self, name, y):
        """The virtual address as a bar; below it the adverts, priority 0 as a diamond."""
        canvas, style = self.canvas, DIRECTOR_STYLE[name]
        canvas.line(LEFT, y + 9, canvas.right, y + 9, "base")
        for start, end in self.owner_spans(name):
            told = f"{name} holds {self.data['vip']}: {(end - start) / 1000:.2f} s"
            canvas.bar(start, end, y, 18, f"{style} fill", told)
            left, right = canvas.x(max(start, canvas.start)), canvas.x(min(end, canvas.end))
            if right - left > 52 and end > canvas.start and start < canvas.end:
                canvas.text((left + right) / 2, y + 13, "MASTER", "inbar", "middle")
        address = self.data["directors"][name]
        mine = [(moment, priority) for moment, sender, priority in self.data["adverts"] if sender == address]
        canvas.ticks([moment for moment, priority in mine if priority], y + 22, 8, f"{style} stroke advert")
        for moment, priority in mine:
            if not priority and canvas.start <= moment <= canvas.end:
                canvas.diamond(moment, y + 26, 5, "alarm fill", f"priority 0 from {name}")

    def server(self, name, y):
        """Two thin bars: in the table of lb01, in the table of lb02. Ticks: the MASTER's checks, red where refused."""
        canvas = self.canvas
        for row, director in enumerate(DIRECTOR_STYLE):
            top = y + row * 8
            canvas.line(LEFT, top + 3, canvas.right, top + 3, "base")
            for start, end in self.table_spans(director, name):
                canvas.bar(start, end, top, 6, f"{DIRECTOR_STYLE[director]} fill soft",
                           f"{name} in the table of {director}")
            refused = self.data["refusals"][director][name]
            good = [moment for moment in self.data["attempts"][director][name]
                    if not any(0 <= answer - moment < 100 for answer in refused)]
            canvas.ticks(good, top - 1, 8, "check")
            canvas.ticks(refused, top - 1.5, 9, "alarm stroke refused")

    def request_columns(self, bottom, cell, column_ms):
        """Every request as one cell: columns of time, stacked by who answered, failures on top."""
        canvas, columns = self.canvas, {}
        for start, _, fate, server in self.data["requests"]:
            if canvas.start <= start <= canvas.end:
                column = int((start - canvas.start) // column_ms)
                counts = columns.setdefault(column, [0] * (len(self.server_names) + 1))
                counts[server if fate == OK else 0] += 1
        width = canvas.x(canvas.start + column_ms) - canvas.x(canvas.start)
        paths = [""] * (len(self.server_names) + 1)
        for column in sorted(columns):
            x, y = canvas.left + (column + 0.5) * width, bottom
            for kind in list(range(1, len(paths))) + [0]:
                count = columns[column][kind]
                if count:
                    paths[kind] += f"M{number(x)} {number(y)}v-{number(count * cell)}"
                    y -= count * cell
        for kind, data in enumerate(paths):
            canvas.path(data, self.request_style(kind), width * 0.97)

    def request_ticks(self, y, height):
        """Every request as one tick at the moment it began; two rows, so that neighbours stay apart."""
        for kind in range(len(self.server_names) + 1):
            for row in (0, 1):
                moments = [start for index, (start, _, fate, server) in enumerate(self.data["requests"])
                           if index % 2 == row and (server if fate == OK else 0) == kind]
                self.canvas.ticks(moments, y + row * (height / 2 + 1), height / 2, self.request_style(kind) + " one")

    @staticmethod
    def request_style(kind):
        return f"s{kind} stroke" if kind else "alarm stroke"


def _spans(changes, end):
    found, since = [], None
    for moment, is_on in changes:
        if is_on and since is None:
            since = moment
        elif not is_on and since is not None:
            found.append((since, moment))
            since = None
    if since is not None:
        found.append((since, end))
    return found


def _end(data):
    return data["steps"][-1]["end"]


def overview(data):
    """The whole drill, one lane above the other."""
    end = _end(data)
    canvas = Canvas(WIDTH, LEFT, RIGHT, 0, end + end / 50, "Timeline of the whole drill")
    lanes = Lanes(canvas, data)
    top, bottom = 8, 346
    _step_bands(canvas, data, top, bottom)
    canvas.axis(bottom, 5000 if end > 10_000 else 500, top + 44)
    _events(canvas, data, top + 52, bottom)
    y = 108
    for name in DIRECTOR_STYLE:
        lanes.label(y + 12, name, "VIP, adverts")
        lanes.director(name, y)
        y += 40
    y += 6
    for name in lanes.server_names:
        lanes.label(y + 7, name, "in the tables")
        lanes.server(name, y)
        y += 30
    lanes.label(y + 28, "requests", "100 ms a column")
    lanes.request_columns(y + 66, 2.9, 100)
    y += 84
    lanes.label(y + 4, "no service")
    for step in data["steps"]:
        for start, end, label in step["gaps"]:
            canvas.dimension(start, end, y, label, "alarm")
    return canvas.finish(bottom + 20)


def _step_bands(canvas, data, top, bottom):
    for index, step in enumerate(data["steps"]):
        x1, x2 = canvas.x(step["start"]), canvas.x(step["end"])
        canvas.rect(x1, top, x2 - x1, bottom - top, f"band{index % 2}", title=f"{step['name']}: {step['title']}")
    rows = LabelRows(3)
    for index, step in enumerate(data["steps"]):
        words = f"{index + 1} {step['name']}"
        x = min(canvas.x(step["start"]) + 5, canvas.right - 6.9 * len(words))
        canvas.text(x, top + 13 + 14 * rows.place(x, 6.9 * len(words) + 8), words, "step")


def _events(canvas, data, top, bottom):
    """What was done, as dotted lines through all lanes."""
    done = ("web01 stops", "web01 starts", "cable cut", "cable back", "SIGHUP", "SIGTERM lb01", "SIGTERM lb02")
    rows = LabelRows(3)
    for step in data["steps"]:
        for moment, label in step["marks"]:
            if label in done:
                _event(canvas, rows, moment, label, top, bottom)


def _event(canvas, rows, moment, label, top, bottom):
    """A dotted line with its name, to the right of it or, at the edge, to the left."""
    x, width = canvas.x(moment), 6.2 * len(label) + 8
    is_left = x + width > canvas.right
    row = rows.place(x - width if is_left else x, width)
    canvas.line(x, top + 13 * row, x, bottom, "event")
    canvas.text(x - 4 if is_left else x + 4, top + 9 + 13 * row, label, "eventname", "end" if is_left else "start")


def close_up(data, step_name, start, end, axis_ms, spans):
    """One takeover: adverts, virtual address, every request, and the measured times."""
    canvas = Canvas(WIDTH, LEFT, RIGHT, start, end, f"A closer look at {step_name}")
    lanes = Lanes(canvas, data)
    y = 34
    bottom = y + 2 * 40 + 44 + 24 * len(spans) + 10
    canvas.axis(bottom, axis_ms, 22)
    _marks(canvas, data, step_name, bottom)
    for name in DIRECTOR_STYLE:
        lanes.label(y + 12, name, "VIP, adverts")
        lanes.director(name, y)
        y += 40
    lanes.label(y + 15, "requests", "each one a tick")
    lanes.request_ticks(y, 30)
    y += 52
    for from_time, to_time, words, style in spans:
        canvas.dimension(from_time, to_time, y + 6, words, style)
        y += 24
    return canvas.finish(bottom + 20)


def check_close_up(data, step):
    """A server that stops answering: its checks, the table, every request."""
    marks = dict((label, moment) for moment, label in step["marks"])
    if "web01 stops" not in marks or "web01 out" not in marks:
        return ""
    start, end = marks["web01 stops"] - 1000, marks["web01 out"] + 1000
    canvas = Canvas(WIDTH, LEFT, RIGHT, start, end, "A closer look at the checks")
    lanes = Lanes(canvas, data)
    bottom = 176
    canvas.axis(bottom, 1000, 22)
    _marks(canvas, data, step["name"], bottom)
    lanes.label(52, "web01", "table, checks")
    lanes.server("web01", 44)
    for start, end, label in step["spans"]:
        canvas.dimension(start, end, 82, label, "ink")
    lanes.label(118, "requests", "50 ms a column")
    lanes.request_columns(160, 6, 50)
    return canvas.finish(bottom + 20)


def _marks(canvas, data, step_name, bottom):
    rows = LabelRows(2)
    step = next(step for step in data["steps"] if step["name"] == step_name)
    for moment, label in step["marks"]:
        if canvas.start <= moment <= canvas.end:
            _event(canvas, rows, moment, label, 3, bottom)
