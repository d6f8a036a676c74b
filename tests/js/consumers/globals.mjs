/** MikroORM takes Node's Buffer for granted; who uses it in a browser adds this package. */
import { Buffer } from "buffer/";

globalThis.Buffer ??= Buffer;
