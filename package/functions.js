/** Functions of a script that SQL calls: the engine knows each by a number (`src/js/functions.rs`). */

/** What a function gives, as the engine reads it. */
const VALUE = 0;
const INTEGER = 1;
const ERROR = 2;

const CHANGES = ["insert", "update", "delete"];

/**
 * What a hook threw, or what no words can be made of: it waits until SQLite is done, which cannot be left in the middle. It belongs to
 * the call into the engine that is running, which takes it by `rethrow` as soon as it is over.
 */
let thrown = null;

/** Throws what is waiting. To be called after each call into the engine that may have called a function of the script. */
export function rethrow() {
  if (thrown === null) return;
  const { error } = thrown;
  thrown = null;
  throw error;
}

export function makeFunctions(wasm, engine, memory) {
  const known = new Map();
  let last = 0;

  /** Writes the name of a function to the input and gives its length. */
  function writeName(name) {
    if (typeof name === "string" || name instanceof String) return memory.write(memory.text(name));
    throw new TypeError("The name of a function must be a text, not " + typeof name);
  }

  const add = (one) => {
    last += 1;
    known.set(last, one);
    return last;
  };

  /** The arguments that the engine has just packed. */
  function packedArguments() {
    memory.owner = null;
    return memory.row();
  }

  function give(kind, value) {
    memory.parameters([value]);
    return kind;
  }

  function giveResult(result) {
    switch (typeof result) {
      case "boolean":
        return give(INTEGER, result ? 1 : 0);
      case "number":
      case "string":
        return give(VALUE, result);
      case "object":
        if (result === null || result.length != null) return give(VALUE, result);
        return give(ERROR, "Wrong API use : tried to return a value of an unknown type (" + result + ").");
      default:
        return give(VALUE, null);
    }
  }

  /** What the script threw is the error of the statement, in its words. */
  function fail(error) {
    const words = error instanceof Error ? error.message : String(error);
    return give(ERROR, words == null ? "" : memory.text(words));
  }

  /** Has the statement end without words; the error is thrown when it has. */
  function failLater(error) {
    thrown ??= { error };
    return give(ERROR, "");
  }

  /** Calls a function of the script and gives its result. Nothing is thrown here: SQLite would be left in the middle. */
  function guarded(call, giveIt, giveError = fail) {
    // That of the statement which calls this function; statements that the function runs throw their own.
    const waiting = thrown;
    thrown = null;
    let kind;
    try {
      let result;
      try {
        result = call();
      } catch (error) {
        kind = giveError(error);
      }
      kind ??= giveIt(result);
    } catch (error) {
      kind = failLater(error);
    }
    thrown = waiting ?? thrown;
    return kind;
  }

  engine.sq_callbacks({
    scalar(id) {
      const { func } = known.get(id);
      const values = packedArguments();
      return guarded(() => func.apply(null, values), giveResult);
    },

    step(id, group) {
      const { init, step, states } = known.get(id);
      const values = packedArguments();
      const keep = (state) => {
        states.set(group, state);
        return VALUE;
      };
      // As in sql.js, what `init` throws is not the statement's error but goes on as it is.
      if (!states.has(group) && guarded(init, keep, failLater) === ERROR) return ERROR;
      const state = states.get(group);
      states.delete(group);
      return guarded(() => step.apply(null, [state, ...values]), keep);
    },

    finish(id, group) {
      const { init, finalize, states } = known.get(id);
      return guarded(() => {
        const state = states.has(group) ? states.get(group) : init();
        states.delete(group);
        return finalize(state);
      }, giveResult);
    },

    forget: (id) => known.delete(id),

    changed(id, change, database, table, row) {
      if (thrown !== null) return;
      memory.owner = null;
      try {
        if (row > Number.MAX_SAFE_INTEGER) throw "rowId too big to fit inside a Number";
        // One that has closed its database is not called for the rest of the statement.
        known.get(id)?.(CHANGES[change], database, table, Number(row));
      } catch (error) {
        thrown = { error };
      }
    },
  });

  return {
    /** Defines a function with as many arguments as it declares, in the place of one with that name and as many. */
    define(db, name, func) {
      const { length } = func;
      return wasm.sq_function(db.db, writeName(name), length, add({ func }));
    },

    defineAggregate(db, name, aggregate) {
      const { init, step, finalize } = aggregate;
      if (!step) throw "An aggregate function must have a step function in " + name;
      const { length } = step;
      const functions = { init: init || (() => null), step, finalize: finalize || ((state) => state), states: new Map() };
      return wasm.sq_aggregate(db.db, writeName(name), length - 1, add(functions));
    },

    /** Calls back for each row that changes. */
    watch(db, callback) {
      this.forgetHook(db);
      if (callback) db.hook = add(callback);
      wasm.sq_hook(db.db, db.hook);
    },

    forgetHook(db) {
      known.delete(db.hook);
      db.hook = 0;
    },
  };
}
