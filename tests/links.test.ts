import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

/** The relative links and pictures of a Markdown file, without their fragments. */
function linksOf(file: string): string[] {
  const links = [...readFileSync(file, "utf8").matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, address]) => address.split("#")[0],
  );
  return links.filter((address) => address !== "" && !/^[a-z]+:/.test(address));
}

const pages = readdirSync("bench").filter((name) => name.endsWith(".md"));

it.each(["README.md", "CHANGELOG.md", "environment.md", ...pages.map((name) => `bench/${name}`)])(
  "%s links to nothing that is not there",
  (file) => {
    expect(linksOf(file).filter((address) => !existsSync(join(dirname(file), address)))).toEqual([]);
  },
);
