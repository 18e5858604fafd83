import { expect, it } from "vitest";
import { operationFamilies } from "./operation-cases.js";
import { operationDocument } from "./operation-document.js";

it("docs/operations.md is the table of operations as it stands", async () => {
  await expect(operationDocument(operationFamilies)).toMatchFileSnapshot("../../docs/operations.md");
});
