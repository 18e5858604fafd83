import { expect, test } from "vitest";
import { findChromium } from "./chromium.js";

test("Chromium is installed", () => {
  expect(findChromium()).toMatch(/\S/);
});

test("where Chromium is absent, the message says what to install", () => {
  expect(() => findChromium({ PATH: "/nowhere" })).toThrow(/install Debian's chromium/);
  expect(() => findChromium({ CHROMIUM: "/nowhere/chromium" })).toThrow(/\/nowhere\/chromium was not found/);
});
