// Relata's package through sql.js's interface: the same code as for sql.js, raw and by hand.

import initSqlJs from "./pkg/relata.js";
import { offer } from "../peer.mjs";
import { peer } from "./raw.mjs";

offer(peer("Relata, initSqlJs", () => initSqlJs()));
