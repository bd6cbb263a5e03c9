"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const cursor = document.getElementById("cursor");
  const rows = Array.from(document.querySelectorAll("#rows tbody tr"));
  const pad = (number, figures) => String(number).padStart(figures, "0");

  const clock = (milliseconds) => {
    const sign = milliseconds < 0 ? "-" : "";
    const whole = Math.abs(milliseconds);
    const seconds = Math.floor(whole / 1000);
    const hours = Math.floor(seconds / 3600);
    const head = hours > 0 ? hours + ":" + pad(Math.floor(seconds / 60) % 60, 2) : String(Math.floor(seconds / 60));
    return sign + head + ":" + pad(seconds % 60, 2) + "." + pad(Math.floor(whole % 1000), 3);
  };

  // The index of the newest entry at or before a time; -1 before the first.
  const newest = (count, time, at) => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  const lines = Array.from(document.querySelectorAll("svg .cursor"));
  const move = (time) => {
    time = Math.min(Math.max(Math.round(time), data.from), data.to);
    cursor.value = time;
    const x = ((time - data.from) / Math.max(1, data.to - data.from)) * 1000;
    for (const line of lines) {
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
    }
    document.getElementById("time").textContent = clock(time);
    cursor.setAttribute("aria-valuetext", clock(time));
    data.lanes.forEach((spans, index) => {
      const found = newest(spans.length, time, (place) => spans[place][0]);
      const held = found >= 0 && (spans[found][1] >= time) ? spans[found][2] : "";
      document.getElementById("l" + index).textContent = held;
    });
    data.series.forEach((series, index) => {
      const found = newest(series.t.length, time, (place) => series.t[place]);
      const unit = series.unit === "" ? "" : " " + series.unit;
      document.getElementById("s" + index).textContent = found < 0 ? "not known yet" : series.v[found] + unit;
    });
  };

  cursor.step = 1;
  cursor.addEventListener("input", () => move(Number(cursor.value)));
  cursor.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -100, ArrowRight: 100, ArrowDown: -1000, ArrowUp: 1000, PageDown: -10000, PageUp: 10000 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    move(Number(cursor.value) + steps[event.key]);
  });
  for (const plot of document.querySelectorAll(".plot svg")) {
    plot.addEventListener("pointermove", (event) => {
      const box = plot.getBoundingClientRect();
      move(data.from + ((event.clientX - box.left) / box.width) * (data.to - data.from));
    });
  }

  const choose = (row) => {
    for (const other of document.querySelectorAll("#rows tr.chosen")) other.classList.remove("chosen");
    row.classList.add("chosen");
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-at]");
    if (button !== null) {
      move(Number(button.dataset.at));
      choose(button.closest("tr"));
    }
    const link = event.target.closest("a[data-n]");
    if (link !== null) {
      event.preventDefault();
      // A scrape has no row of its own: then the one before it.
      const row = rows.findLast((row) => Number(row.dataset.n.split(".")[0]) <= Number(link.dataset.n));
      if (row === undefined) return;
      row.hidden = false;
      choose(row);
      row.querySelector("button").focus();
      row.querySelector("button").click();
    }
  });

  const filter = document.getElementById("filter");
  const category = document.getElementById("category");
  const sift = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const fits = words.every((word) => text.includes(word));
      row.hidden = !(fits && (category.value === "all" || row.cells[3].textContent === category.value));
      if (!row.hidden) shown += 1;
    }
    document.getElementById("shown").textContent = shown + " of " + rows.length + " shown";
  };
  filter.addEventListener("input", sift);
  category.addEventListener("change", sift);
  sift();
  move(data.to);
})();
