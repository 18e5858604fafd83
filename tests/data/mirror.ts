import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Serves a folder on this machine until the test ends, and notes which files were asked for. */
export async function mirror(listener: RequestListener) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push((request.url ?? "").replace("/digits/", ""));
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/digits/`, requests };
}
