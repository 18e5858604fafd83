import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DataError } from "../../src/data/data-error.js";
import { type FetchOptions, type FetchProgress, fetchDataSet } from "../../src/data/fetch.js";
import { mirror } from "./mirror.js";
import { bytesOf, publish, smallMnist, temporaryFolder } from "./small-mnist.js";

const files = new Map([...smallMnist(30, 5)].slice(0, 2));
const [firstName, firstBytes] = [...files][0];

const publishedBytes = (url = "") => bytesOf(files, url.replace("/digits/", ""));

const serve = {
  whole: (request, response) => response.end(publishedBytes(request.url)),
  missing: (_, response) => response.writeHead(404).end("gone"),
  empty: (_, response) => response.end(),
  short: (request, response) => response.end(publishedBytes(request.url).slice(0, -1)),
  long: (request, response) => response.end(Buffer.concat([publishedBytes(request.url), Buffer.from("x")])),
  altered: (request, response) =>
    response.end(publishedBytes(request.url).map((byte, i) => (i === 20 ? byte ^ 1 : byte))),
  "broken off": (request, response) => {
    const bytes = publishedBytes(request.url);
    response.writeHead(200, { "content-length": bytes.length });
    response.write(bytes.subarray(0, 40), () => response.destroy());
  },
  stalled: (request, response) => void response.write(publishedBytes(request.url).subarray(0, 40)),
  silent: () => {},
} satisfies Record<string, RequestListener>;

const quick: FetchOptions = { roundPause: 1, stallTimeout: 400 };

function expectWhole(folder: string): void {
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
  for (const [name, bytes] of files) expect(new Uint8Array(readFileSync(join(folder, name)))).toEqual(bytes);
}

test("every file arrives whole, with progress from the first byte to the last", async () => {
  const { address } = await mirror(serve.whole);
  const folder = join(temporaryFolder(), "not", "yet", "there");
  const events: FetchProgress[] = [];
  await fetchDataSet(publish(files, [address]), folder, {
    ...quick,
    onProgress: (event) => events.push(event),
  });
  expectWhole(folder);
  for (const [name, bytes] of files) {
    const received = events.filter((event) => event.file === name).map((event) => event.received);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(received.at(-1)).toBe(bytes.length);
  }
  expect(events.every((event) => event.address === address + event.file)).toBe(true);
});

describe.each(Object.keys(serve).filter((kind) => kind !== "whole"))(
  "a mirror whose answer is %s",
  (kind) => {
    const listener = serve[kind as keyof typeof serve] as RequestListener;

    test("is passed over for the next", async () => {
      const [bad, good] = [await mirror(listener), await mirror(serve.whole)];
      const folder = temporaryFolder();
      await fetchDataSet(publish(files, [bad.address, good.address]), folder, quick);
      expectWhole(folder);
      expect(bad.requests).toEqual([...files.keys()]);
    });

    test("leaves nothing behind when it is the only one, and is named in one sentence", async () => {
      const { address, requests } = await mirror(listener);
      const folder = temporaryFolder();
      const fetching = fetchDataSet(publish(files, [address]), folder, quick);
      await expect(fetching).rejects.toThrow(DataError);
      const { message } = (await fetching.catch((error: unknown) => error)) as DataError;
      expect(message).toMatch(
        new RegExp(`^cannot fetch ${firstName} from ${address}${firstName} \\(.+\\).*; stay calm$`),
      );
      expect(message).not.toContain("\n");
      expect(readdirSync(folder)).toEqual([]);
      expect(requests).toEqual([firstName, firstName]);
    });
  },
);

test("a mirror that fails once is tried again after the others", async () => {
  let failures = 1;
  const flaky = await mirror((request, response) =>
    failures-- > 0 ? serve.missing(request, response) : serve.whole(request, response),
  );
  const folder = temporaryFolder();
  await fetchDataSet(publish(files, [flaky.address]), folder, quick);
  expectWhole(folder);
  expect(flaky.requests).toEqual([firstName, ...files.keys()]);
});

test("without any network the error says what was tried and what to do", async () => {
  const folder = temporaryFolder();
  const dataSet = publish(files, ["http://127.0.0.1:1/a/", "http://glassbox.invalid/b"]);
  await expect(fetchDataSet(dataSet, folder, { ...quick, rounds: 1 })).rejects.toThrow(
    /^cannot fetch \S+ from http:\/\/127\.0\.0\.1:1\/a\/\S+ \(.+\) or http:\/\/glassbox\.invalid\/b\/\S+ \(.+\); stay calm$/,
  );
});

test("files that are there and whole are kept, damaged ones are replaced", async () => {
  const { address, requests } = await mirror(serve.whole);
  const folder = temporaryFolder();
  const [kept, damaged] = [...files.keys()];
  writeFileSync(join(folder, kept), bytesOf(files, kept));
  writeFileSync(join(folder, damaged), bytesOf(files, damaged).slice(0, -1));
  await fetchDataSet(publish(files, [address]), folder, quick);
  expectWhole(folder);
  expect(requests).toEqual([...files.keys()].slice(1));
});

describe("aborting", () => {
  const aborted = new Error("stopped by the reader");

  test("in the middle of a file leaves nothing behind and throws the signal's reason", async () => {
    const { address } = await mirror(serve.stalled);
    const folder = temporaryFolder();
    const controller = new AbortController();
    const fetching = fetchDataSet(publish(files, [address]), folder, {
      signal: controller.signal,
      onProgress: () => controller.abort(aborted),
    });
    await expect(fetching).rejects.toBe(aborted);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("between two rounds does not wait for the next", async () => {
    const controller = new AbortController();
    const { address } = await mirror((request, response) => {
      setTimeout(() => controller.abort(aborted), 30);
      serve.missing(request, response);
    });
    const fetching = fetchDataSet(publish(files, [address]), temporaryFolder(), {
      signal: controller.signal,
      roundPause: 3_600_000,
    });
    await expect(fetching).rejects.toBe(aborted);
  });

  test("beforehand asks no mirror", async () => {
    const { address, requests } = await mirror(serve.whole);
    const folder = join(temporaryFolder(), "cache");
    const signal = AbortSignal.abort(aborted);
    await expect(fetchDataSet(publish(files, [address]), folder, { signal })).rejects.toBe(aborted);
    expect(requests).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });
});

test("a folder that cannot be written is named", async () => {
  const { address } = await mirror(serve.whole);
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "in the way");
  const folder = join(file, "cache");
  await expect(fetchDataSet(publish(files, [address]), folder, quick)).rejects.toThrow(
    `cannot write ${join(folder, firstName)} (`,
  );
  expect(readFileSync(file, "utf8")).toBe("in the way");
});

test("when the last step fails, the unfinished file is removed", async () => {
  const { address } = await mirror(serve.whole);
  const folder = temporaryFolder();
  // a folder in the file's place: writing beside it succeeds, renaming over it cannot
  mkdirSync(join(folder, firstName, "occupied"), { recursive: true });
  await expect(fetchDataSet(publish(files, [address]), folder, quick)).rejects.toThrow(/^cannot write/);
  expect(readdirSync(folder)).toEqual([firstName]);
  expect(firstBytes.length).toBeGreaterThan(40);
});
