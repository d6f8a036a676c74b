/** Functions of a script that SQL calls: the engine knows each by a number (`src/js/functions.rs`). */

/** What a function gives, as the engine reads it. */
const VALUE = 0;
const INTEGER = 1;
const ERROR = 2;

const CHANGES = ["insert", "update", "delete"];

const message = (error) => (error instanceof Error ? error.message : String(error));

export function makeFunctions(wasm, engine, memory) {
  const known = new Map();
  let last = 0;
  /** What a hook threw, or a result that cannot even be named: it waits until SQLite is done, which cannot be left in the middle. */
  let thrown = null;

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
        return refuse(result);
      default:
        return give(VALUE, null);
    }
  }

  function refuse(result) {
    try {
      return give(ERROR, "Wrong API use : tried to return a value of an unknown type (" + result + ").");
    } catch (error) {
      thrown ??= { error };
      return give(ERROR, "");
    }
  }

  /** Calls what may throw, which is then the error of the statement. */
  function guarded(call) {
    try {
      return call();
    } catch (error) {
      return give(ERROR, message(error));
    }
  }

  engine.sq_callbacks({
    scalar: (id) => guarded(() => giveResult(known.get(id).func.apply(null, packedArguments()))),

    step(id, group) {
      const { init, step, states } = known.get(id);
      const values = packedArguments();
      return guarded(() => {
        const state = states.has(group) ? states.get(group) : init();
        states.delete(group);
        states.set(group, step.apply(null, [state, ...values]));
        return VALUE;
      });
    },

    finish(id, group) {
      const { init, finalize, states } = known.get(id);
      return guarded(() => {
        const state = states.has(group) ? states.get(group) : init();
        states.delete(group);
        return giveResult(finalize(state));
      });
    },

    forget: (id) => known.delete(id),

    changed(id, change, database, table, row) {
      if (thrown !== null) return;
      memory.owner = null;
      try {
        if (row > Number.MAX_SAFE_INTEGER) throw "rowId too big to fit inside a Number";
        known.get(id)(CHANGES[change], database, table, Number(row));
      } catch (error) {
        thrown = { error };
      }
    },
  });

  return {
    /** Defines a function with as many arguments as it declares, in the place of one with that name and as many. */
    define: (db, name, func) => engine.sq_function(db.db, name, func.length, add({ func })),

    defineAggregate(db, name, aggregate) {
      const { init = () => null, step, finalize = (state) => state } = aggregate;
      if (!step) throw "An aggregate function must have a step function in " + name;
      const id = add({ init, step, finalize, states: new Map() });
      return engine.sq_aggregate(db.db, name, step.length - 1, id);
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

    /** Throws what a hook threw. */
    rethrow() {
      if (thrown === null) return;
      const { error } = thrown;
      thrown = null;
      throw error;
    },
  };
}
