/** A data file that is missing, damaged or out of reach; the message is one sentence that ends in what to do. */
export class DataError extends Error {
  override readonly name = "DataError";
}
