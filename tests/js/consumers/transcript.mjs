/** sql.js's module, with every call to a database and its statements written down: what was asked, what came back. */

export function transcribed(initSqlJs, transcript) {
  return async (config) => {
    const { Database, ...others } = await initSqlJs(config);
    const construct = (target, parameters) => heard(new target(...parameters), transcript);
    return { ...others, Database: new Proxy(Database, { construct }) };
  };
}

function heard(subject, transcript) {
  const proxy = new Proxy(subject, {
    get(target, name) {
      const member = target[name];
      if (typeof member !== "function") return member;
      return (...parameters) => {
        const entry = { name, parameters: structuredClone(parameters) };
        transcript.push(entry);
        try {
          const result = member.apply(target, parameters);
          // A statement is listened to as well; what returns the database for chaining goes on with the listened one.
          if (result === target) return proxy;
          if (typeof result?.step === "function") return heard(result, transcript);
          // A file's bytes depend on the version of SQLite and the size of its pages; what is in it is read again later.
          entry.result = name === "export" ? "a file" : structuredClone(result);
          return result;
        } catch (error) {
          entry.thrown = String(error);
          throw error;
        }
      };
    },
  });
  return proxy;
}
