/*
 * The one script of every page: sorting and filtering of tables, tooltips on
 * chart marks, details opened for printing. Every page is complete without
 * it. Sort keys come from a cell's `data-sort`, else from its text.
 */
(function () {
  "use strict";

  var FILTER_FROM = 9;
  var MISSING = ["", "—", "–"];

  function line(words) {
    return words.replace(/\s+/g, " ").trim();
  }

  /* On one line, as it is seen. */
  function text(element) {
    return line(element.textContent);
  }

  /* Tables --------------------------------------------------------------- */

  function key(row, column) {
    var cell = row.cells[column];
    if (!cell) {
      return null;
    }
    var value = cell.getAttribute("data-sort");
    value = value === null ? text(cell) : value;
    return MISSING.indexOf(value) < 0 ? value : null;
  }

  function number(value) {
    var plain = value.replace(/,/g, "").replace(/^−/, "-");
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*([%a-z]+)?$/i.test(plain)
      ? parseFloat(plain)
      : NaN;
  }

  /* Rows without a value stay last, whichever way the column is sorted. */
  function sortRows(table, column, direction) {
    var body = table.tBodies[0];
    var rows = Array.from(body.rows).map(function (row) {
      return { row: row, key: key(row, column) };
    });
    var isNumeric = rows.every(function (entry) {
      return entry.key === null || !isNaN(number(entry.key));
    });
    rows.sort(function (a, b) {
      if (a.key === null || b.key === null) {
        return (a.key === null) - (b.key === null);
      }
      var order = isNumeric
        ? number(a.key) - number(b.key)
        : a.key.localeCompare(b.key, undefined, { numeric: true });
      return order * direction;
    });
    rows.forEach(function (entry) {
      body.appendChild(entry.row);
    });
  }

  function addSortButton(table, header, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", "Sort by " + text(header));
    header.appendChild(button);
    button.addEventListener("click", function () {
      var isAscending = header.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("th[aria-sort]").forEach(function (other) {
        other.removeAttribute("aria-sort");
      });
      header.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
      sortRows(table, column, isAscending ? 1 : -1);
    });
  }

  function addFilter(table) {
    var tools = document.createElement("p");
    var label = document.createElement("label");
    var input = document.createElement("input");
    var count = document.createElement("span");
    tools.className = "tools";
    label.textContent = "Filter rows";
    input.type = "search";
    count.setAttribute("role", "status");
    label.appendChild(input);
    tools.append(label, count);
    var box = table.closest(".scroll") || table;
    box.parentNode.insertBefore(tools, box);
    input.addEventListener("input", function () {
      var wanted = line(input.value).toLowerCase();
      var rows = Array.from(table.tBodies[0].rows);
      rows.forEach(function (row) {
        row.hidden = text(row).toLowerCase().indexOf(wanted) < 0;
      });
      var shown = rows.filter(function (row) {
        return !row.hidden;
      }).length;
      count.textContent = wanted ? shown + " of " + rows.length + " rows" : "";
    });
  }

  document.querySelectorAll("table.sortable").forEach(function (table) {
    if (!table.tHead || !table.tBodies[0]) {
      return;
    }
    Array.from(table.tHead.rows[0].cells).forEach(function (header, column) {
      if (!header.hasAttribute("data-nosort")) {
        addSortButton(table, header, column);
      }
    });
    if (table.tBodies[0].rows.length >= FILTER_FROM) {
      addFilter(table);
    }
  });

  /* Tooltips ------------------------------------------------------------- */

  var tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.appendChild(tip);

  /* The title moves into a data attribute, or the browser would show it too. */
  function tipText(mark) {
    var title = mark.querySelector(":scope > title");
    if (title) {
      mark.dataset.tip = title.textContent;
      title.remove();
    }
    return mark.dataset.tip || "";
  }

  function showTip(event) {
    var mark = event.target.closest ? event.target.closest("svg.chart .m") : null;
    var words = mark ? tipText(mark) : "";
    tip.hidden = !words;
    if (!words) {
      return;
    }
    tip.textContent = words;
    var box = mark.getBoundingClientRect();
    var isWide = box.width > 60;
    var left = isWide ? event.clientX + 12 : box.right + 8;
    var top = box.top - tip.offsetHeight - 6;
    tip.style.left = Math.max(4, Math.min(left, innerWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = (top < 4 ? box.bottom + 6 : top) + "px";
  }

  function hideTip() {
    tip.hidden = true;
  }

  document.addEventListener("pointerover", showTip);
  document.addEventListener("scroll", hideTip, true);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      hideTip();
    }
  });

  /* Printing ------------------------------------------------------------- */

  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open]):not(.numbers)"));
    opened.forEach(function (details) {
      details.open = true;
    });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (details) {
      details.open = false;
    });
  });
})();
