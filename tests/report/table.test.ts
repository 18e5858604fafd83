import { table } from "arquero";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTable, tablesBundle, tablesText } from "../../src/report/table.js";

test("a list of objects and an arquero table with the same content give the same table", () => {
  const objects = [
    { name: "tsit5", order: 5, error: 1.25e-9 },
    { name: "bosh3", order: 3, error: 0.5 },
  ];
  const columns = table({ name: ["tsit5", "bosh3"], order: [5, 3], error: [1.25e-9, 0.5] });
  expect(formatTable(objects)).toEqual(formatTable(columns));
  expect(tablesText([formatTable(objects)])).toBe(
    ["name   order    error", "-----  -----  -------", "tsit5      5  1.25e-9", "bosh3      3      0.5"].join(
      "\n",
    ),
  );
});

test("in text, cells of one column end or start in line, whatever they hold", () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, fc.integer({ min: -999_999, max: 999_999 }), word), {
        minLength: 1,
        maxLength: 8,
      }),
      (rows) => {
        const text = tablesText([
          formatTable(rows.map(([left, number, right]) => ({ left, number, right }))),
        ]);
        const [, rule, ...lines] = text.split("\n");
        const numberEnds = rule.lastIndexOf("  ");
        const rightStarts = numberEnds + 2;
        lines.forEach((line, i) => {
          expect(line.startsWith(rows[i][0])).toBe(true);
          expect(line.slice(0, numberEnds).endsWith(` ${rows[i][1]}`)).toBe(true);
          expect(line.slice(rightStarts)).toBe(rows[i][2]);
        });
      },
    ),
  );
});

test("a long table is cut, and says so", () => {
  const long = Array.from({ length: 50 }, (_, i) => ({ i }));
  const formatted = formatTable(long, { limit: 3 });
  expect(formatted.rows).toEqual([["0"], ["1"], ["2"]]);
  expect(formatted.note).toBe("first 3 of 50 rows");
  expect(formatTable(long.slice(0, 3), { limit: 3 }).note).toBeUndefined();
});

test("HTML shows text as text, and what is missing as an empty cell", () => {
  const html = String(
    tablesBundle([formatTable([{ a: "<b>x</b> & y", b: null }], { title: "p < 1" })]).data["text/html"],
  );
  expect(html).toContain("&lt;b&gt;x&lt;/b&gt; &amp; y");
  expect(html).toContain("p &lt; 1");
  expect(html).not.toContain("null");
});
