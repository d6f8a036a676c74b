// sql.js itself, raw and by hand.

import initSqlJs from "sql.js";
import { offer } from "../peer.mjs";
import { peer } from "./raw.mjs";

offer(peer("sql.js", () => initSqlJs({ locateFile: (file) => `./${file}` })));
