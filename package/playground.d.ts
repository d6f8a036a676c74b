/**
 * The ORM by script: models and relationships in words, tables and statements that anybody can read, and objects.
 *
 * The guide is docs/package.md. Everything is synchronous once `await init()` has loaded the engine. A member that is undefined
 * counts as left out, as in JSON; only in conditions it is refused, where a forgotten value would bring everything.
 */
/// <reference lib="esnext.disposable" />
import type { Database } from "./relata.js";

/** The type of a field. Dates are ISO 8601 text (`2026-01-31`, `2026-01-31 18:30:00`); decimals come back as text. */
export type FieldType = "integer" | "text" | "real" | "decimal" | "boolean" | "date" | "date-time" | "blob";

/** What the database does to the row that holds a key when the row that it points to goes. */
export type ReferentialAction = "no action" | "restrict" | "set null" | "set default" | "cascade";

/** How a relationship is loaded; `docs/package.md` tells what each sends. */
export type Strategy = "lazy" | "joined" | "select-in" | "subquery" | "immediate" | "json" | "raise";

/**
 * A value of a field. A `bigint` is a whole number beyond 2⁵³. A `Date` is written as ISO 8601 in UTC: in a date-time as
 * `2026-01-31 18:30:00`, with `.123` behind it if it has milliseconds, and in a text as `2026-01-31T18:30:00.000Z`. Bytes are a
 * blob, and so is a text of hexadecimal digits.
 */
export type FieldValue = string | number | bigint | boolean | null | Date | Uint8Array | ArrayBuffer;

/** A field: its type, and what else is asked of it. */
export interface FieldSpec {
  /** The type of its values. */
  type: FieldType;
  /** Whether it is, or is part of, the primary key. Where no field is, one called `id` is, or is added: an integer. */
  primaryKey?: boolean;
  /** Whether a value is needed. */
  required?: boolean;
  /** Whether no two objects may have the same value. */
  unique?: boolean;
  /** Whether its column has an index. */
  indexed?: boolean;
  /** What the database fills in where no value is given. */
  default?: FieldValue;
  /** Its column's name; derived if it is left out. */
  column?: string;
}

/** Fields by name, in the order of the columns. */
export type FieldSpecs = { readonly [name: string]: FieldType | FieldSpec };

/** What there is to say of a model beside its fields. */
export interface ModelDetails {
  /** Its table's name; derived if it is left out. */
  table?: string;
  /** What marks its rows among those of other kinds; derived from its name if it is left out. */
  kind?: string;
  /** The column that says which kind a row is, of a model with kinds; `type` if it is left out. */
  kindColumn?: string;
  /** Whether the rows of all its kinds stand in `one` table (single-table inheritance) or in one for `each` (joined). */
  kindTables?: "one" | "each";
}

/** A model with more than fields; one that is a kind of another may have none of its own. */
export type FullModelSpec =
  | (ModelDetails & {
      /** Its fields; those of what it is a kind of are not repeated. */
      fields: FieldSpecs;
      /** The model that it is a kind of. */
      kindOf?: string;
    })
  | (ModelDetails & { kindOf: string; fields?: FieldSpecs });

/** A model: its fields alone, or with more. One with a field called `fields` or `kindOf` is written with more. */
export type ModelSpec = { readonly [name: string]: FieldType | FieldSpec | undefined; fields?: undefined; kindOf?: undefined } | FullModelSpec;

/** An end of a relationship. */
export interface EndSpec {
  /** The model at this end. Not beside a sentence, which names it. */
  model?: string;
  /** The name of the property that this model gets; derived if it is left out. */
  name?: string;
  /** The order of the property's objects: names of their fields, with a `-` for the greatest first. */
  order?: string | readonly string[];
}

/** What there is to say of a relationship beside its models and how many stand at each end. */
export interface RelationshipDetails {
  /** The left end: its model, or more. */
  left?: string | EndSpec;
  /** The right end: its model, or more. */
  right?: string | EndSpec;
  /** Whether the object that holds the key needs its target. */
  required?: boolean;
  /** What happens to it when its target is deleted. */
  onDelete?: ReferentialAction;
  /** What happens to it when the key of its target changes. */
  onUpdate?: ReferentialAction;
  /** Which side of a one-to-one holds the key; `right` if it is left out. */
  key?: "left" | "right";
  /** The names of the foreign key's columns. */
  keyColumns?: string | readonly string[];
  /** The unique field of the target that the key refers to, instead of its primary key. */
  references?: string | readonly string[];
  /** Whether the key is part of the holder's own primary key. */
  identifies?: boolean;
  /** What the targets are to the holder: relationships of one holder with the same name share one key. */
  polymorphic?: string;
  /** Whether its foreign keys have indexes; they have, if it is left out. */
  index?: boolean;
  /** The join table of a many-to-many: its name, or the names of its columns, too. */
  joinTable?: string | { table?: string; leftColumns?: string | readonly string[]; rightColumns?: string | readonly string[] };
  /** Whether a many-to-many of a model with itself goes both ways, as friendship does. */
  symmetric?: boolean;
  /** The model whose rows make the links of a many-to-many, which is then to be read only. */
  through?: string;
  /** The order of the objects behind the left model's property. */
  order?: string | readonly string[];
}

/**
 * A relationship: a sentence like `"an Author has many Books; each Book has one Author, required"`, in which `as` and a name may
 * follow a model and `on delete cascade` may follow at the end; or an object, with a sentence or with a shape.
 */
export type RelationshipSpec =
  | string
  | (RelationshipDetails & { sentence: string })
  | (RelationshipDetails & {
      shape: "one-to-one" | "one-to-many" | "many-to-many";
      left: string | EndSpec;
      right: string | EndSpec;
    });

/** Models, and the relationships between them. */
export interface SchemaSpec {
  /** The models by name. */
  models: { readonly [name: string]: ModelSpec };
  /** The relationships. */
  relationships?: readonly RelationshipSpec[];
}

/** A project as the page saves it: JSON with a version; older versions open, too. */
export interface ProjectFile {
  /** The version of the format. */
  relata: number;
  /** Everything else. */
  [member: string]: unknown;
}

/** One thing to say about a specification. */
export interface Diagnostic {
  /** Nothing is made of a specification with an error in it. */
  severity: "note" | "warning" | "error";
  /** What it is about: `models.Author.fields.born`, `where.books.some.title`. */
  path: string;
  /** What is wrong, and why. */
  message: string;
  /** What to do about it; may be empty. */
  mend: string;
}

/** A column of a table. */
export interface Column {
  /** Its name. */
  name: string;
  /** Its type in SQL. */
  type: string;
  /** Whether it is part of the primary key. */
  primaryKey: boolean;
  /** Whether it refuses NULL. */
  required: boolean;
  /** Whether it refuses a value that another row has. */
  unique: boolean;
  /** The field that it holds; null if it holds none. */
  field: string | null;
  /** The property whose key it is part of; null if it is of none. */
  relationship: string | null;
}

/** A foreign key. */
export interface ForeignKey {
  /** Its columns. */
  columns: string[];
  /** The table that it points to. */
  table: string;
  /** The columns that it points to. */
  references: string[];
  /** What happens when that row is deleted, in SQL's words. */
  onDelete: string;
  /** What happens when that row's key changes, in SQL's words. */
  onUpdate: string;
}

/** A table that a schema becomes. */
export interface Table {
  /** Its name. */
  name: string;
  /** The model whose objects its rows are; null for a join table. */
  model: string | null;
  /** Its columns, in order. */
  columns: Column[];
  /** Its foreign keys. */
  foreignKeys: ForeignKey[];
}

/** A model as it was understood. */
export interface Model {
  /** Its name. */
  name: string;
  /** Its fields, those of what it is a kind of first. */
  fields: { name: string; type: FieldType; primaryKey: boolean; required: boolean }[];
  /** Its relationships: the property's name, the model that it leads to, and what it is. */
  properties: { name: string; model: string; kind: "belongs-to" | "has-one" | "has-many" | "many-to-many" }[];
}

/** What a schema becomes. */
export interface Definition {
  /** Everything there is to say; with an error among them there are no tables. */
  diagnostics: Diagnostic[];
  /** The models, with the properties that their relationships give them. */
  models: Model[];
  /** The tables, in the order in which they are created. */
  tables: Table[];
  /** The statements that create tables and indexes. */
  ddl: string[];
}

/** What became of a database that was made. */
export interface Creation {
  /** The rows of the project that SQLite did not take, with its own words. */
  refused: { message: string; sqlite: string }[];
}

/** Tests of a field that all have to hold. */
export interface FieldTests {
  /** Equals this. */
  "="?: FieldValue;
  /** Does not equal this; no value at all is not unequal. */
  "!="?: FieldValue;
  /** Is less. */
  "<"?: FieldValue;
  /** Is less or equal. */
  "<="?: FieldValue;
  /** Is greater. */
  ">"?: FieldValue;
  /** Is greater or equal. */
  ">="?: FieldValue;
  /** Lies between these or is one of them. */
  between?: readonly [FieldValue, FieldValue];
  /** Matches a pattern with `%` and `_`. */
  like?: string;
  /** Does not match it. */
  notLike?: string;
  /** Is one of these; an empty list is refused. */
  in?: readonly FieldValue[];
  /** Is none of these; an empty list is refused. */
  notIn?: readonly FieldValue[];
  /** Has no value; false asks for one. */
  isNull?: boolean;
}

/** A test of a field: the value that it equals, a list that it is in, null for no value, or tests that all have to hold. */
export type FieldTest = FieldValue | readonly FieldValue[] | FieldTests;

/** How many objects there are; all comparisons have to hold. */
export interface CountTest {
  /** There are so many. */
  "="?: number;
  /** There are not so many. */
  "!="?: number;
  /** There are fewer. */
  "<"?: number;
  /** There are so many at most. */
  "<="?: number;
  /** There are more. */
  ">"?: number;
  /** There are so many at least. */
  ">="?: number;
  /** Only those for which these hold are counted. */
  where?: Condition;
}

/** What is asked of the objects behind a property: the first four of a collection, the others of a property to one. */
export interface RelatedTest {
  /** The conditions hold for at least one. */
  some?: Condition;
  /** The conditions are false for none. */
  every?: Condition;
  /** The conditions hold for none. */
  none?: Condition;
  /** How many there are for which `where` holds. */
  count?: number | CountTest;
  /** There is one, and the conditions hold for it. */
  is?: Condition;
  /** There is none, or the conditions do not hold for it. */
  isNot?: Condition;
}

/**
 * Conditions that all have to hold: on fields and properties by name, and `and`, `or`, `not` around others. For a property to one,
 * its conditions can be said at once, or its key: a value, or of several fields a list of them; `null` asks for none, `true` for
 * any.
 */
export interface Condition {
  /** All of these hold. */
  and?: Condition | readonly Condition[];
  /** At least one of these holds; of none at all, none does. */
  or?: readonly Condition[];
  /** These do not hold together. */
  not?: Condition | readonly Condition[];
  /** Tests stand behind the field that they test. */
  between?: never;
  /** Tests stand behind the field that they test. */
  notLike?: never;
  /** Tests stand behind the field that they test. */
  notIn?: never;
  /** Tests stand behind the field that they test. */
  isNull?: never;
  /** A field's test, or what is asked of a property. */
  [name: string]: FieldTest | RelatedTest | Condition | readonly Condition[] | undefined;
}

/** A property to load, and how. */
export interface IncludeSpec {
  /** How to load it; that of the query if it is left out. */
  strategy?: Strategy;
  /** What to load behind it. */
  include?: Include;
  /** Only the objects for which these hold. */
  where?: Condition;
  /** Whether an inner join is used: only for what is `joined`, and where every object has one, so that none is left out. */
  inner?: boolean;
  /** How often to follow a property of a model with itself: 1 to 10 times. */
  depth?: number;
}

/** What to load with the objects: properties by name, or paths such as `"books.tags"`. */
export type Include = string | readonly string[] | { readonly [name: string]: boolean | Strategy | IncludeSpec };

/** One of several functions, and not another. */
type One<Name extends string, All extends string> = { [name in Name]: string } & { [name in Exclude<All, Name>]?: never };

/** The functions. */
export type FunctionName = "count" | "sum" | "average" | "min" | "max";

/**
 * One function over a collection: `{ count: "books" }`, `{ max: "books.price" }`. Of decimals it gives numbers, where the field
 * gives text. A sum of whole numbers that leaves 64 bits is an error.
 */
export type Aggregate = { [Name in FunctionName]: One<Name, FunctionName> }[FunctionName];

/**
 * A term of an order: a field, `-` before it for the greatest first, `author.name` for another object's, the name of something
 * computed, or a function.
 */
export type OrderTerm = string | (Aggregate & { descending?: boolean });

/** A function over the objects of a group: how many there are, or one of a field's values. */
export type GroupFunction =
  | ({ count: true } & { [name in Exclude<FunctionName, "count">]?: never })
  | { [Name in Exclude<FunctionName, "count">]: One<Name, FunctionName> }[Exclude<FunctionName, "count">];

/**
 * Groups of objects. They come as plain rows instead of the objects: the fields by name (`author.name` as `author_name`), and what is
 * computed.
 */
export interface GroupSpec {
  /** The fields that the objects of a group have in common, `-` before one for the greatest first; without any, all are one group. */
  by?: string | readonly string[];
  /** What is computed of each group, by name. */
  compute?: { readonly [name: string]: GroupFunction };
  /** One test of what is computed, by its name: only groups for which it holds come back. */
  having?: { readonly [name: string]: FieldTest };
  /** Names of what is computed, by which the groups are ordered before they are by their fields. */
  order?: string | readonly string[];
}

/** A query for objects. */
export interface QuerySpec {
  /** The model whose objects are asked for. */
  model: string;
  /** What to load with them. */
  include?: Include;
  /** How to load what says nothing else; `select-in` if it is left out. */
  strategy?: Strategy;
  /** Which of them. */
  where?: Condition;
  /** The fields that are wanted; all if it is left out. */
  fields?: string | readonly string[];
  /** Values to compute for each, by name. */
  compute?: { readonly [name: string]: Aggregate };
  /** Whether equal objects come once; with keys of their own they are never equal. */
  distinct?: boolean;
  /** The order. */
  order?: OrderTerm | readonly OrderTerm[];
  /** How many objects at most. */
  limit?: number | null;
  /** How many to pass over first. */
  offset?: number | null;
  /** Groups of the objects rather than the objects; only `where`, `limit` and `offset` go with it. For `query` and `emit`. */
  group?: GroupSpec;
}

/** A value that comes back; a `bigint` only beyond 2⁵³. */
export type ResultValue = string | number | bigint | boolean | null | Uint8Array;

/** A statement that was sent. Its parts are made when they are asked for. */
export interface SentStatement {
  /** The SQL, with `?` for each parameter. */
  readonly sql: string;
  /** The parameters, in order. */
  readonly params: ResultValue[];
  /** The names of the columns. */
  readonly columns: string[];
  /** The rows as SQLite gave them: truths are 0 and 1 here. */
  readonly rows: ResultValue[][];
  /** How many rows there are. */
  readonly rowCount: number;
  /** How long it took, in milliseconds: SQLite and the reading of the rows. */
  readonly ms: number;
  /** How SQLite goes about it: the lines of EXPLAIN QUERY PLAN, each two spaces further in than what it is part of. */
  readonly plan: string[];
  /** All parts at once, as for `JSON.stringify`: whole numbers beyond 2⁵³ as text, bytes as hexadecimal text. */
  toJSON(): object;
}

/** What a query brought. */
export interface QueryResult<T = any> {
  /**
   * The objects: plain and nested. The same database object is the same JavaScript object, wherever it comes, so that they can
   * form rings.
   */
  objects: T[];
  /** The statements that were sent, in order. */
  readonly statements: SentStatement[];
  /** What there is to say of the query: no errors. */
  diagnostics: Diagnostic[];
}

/** What a query costs under one strategy. */
export interface Way {
  /** The strategy of all that is loaded; null for the query as it was asked. */
  strategy: Strategy | null;
  /** The statements. */
  statements: SentStatement[];
  /** How many rows came back, over all statements. */
  rows: number;
  /** How many cells they have. */
  cells: number;
  /** How long it took, in milliseconds. */
  ms: number;
  /** How many objects came of it. */
  objects: number;
  /** Which graph came of it: ways with the same number brought the same. Null if it failed. */
  graph: number | null;
  /** Why it failed; null if it did not. */
  error: string | null;
}

/** How long a query takes, in milliseconds. */
export interface Measure {
  /** Its statements alone, with every column read and nothing made of it. */
  sqlite: number;
  /** The statements, and the graph made of their rows in WebAssembly. */
  graph: number;
  /** The whole query, from the specification to JavaScript's objects. */
  objects: number;
}

/** A primary key: a value, or of several fields a list of them. */
export type Key = ResultValue | ResultValue[];

/** A project, or the title of a sample. */
export type Project = ProjectFile | string;

/**
 * What is wrong, as thrown by every method of a playground. Should the engine itself fail, a playground is at its end, and each
 * further call says so.
 *
 * @example
 * const playground = new Playground("Author and Book");
 * try {
 *   playground.insert({ Author: [{ id: 1, name: "Again" }] });
 * } catch (error) {
 *   console.log(error.model, error.row, error.field); // Author Author[0] id
 *   console.log(error.sqlite); // UNIQUE constraint failed: authors.id
 * }
 */
export class PlaygroundError extends Error {
  /** What is wrong with a specification, each with its path; empty if it was SQLite that refused. */
  diagnostics: Diagnostic[];
  /** The model of the object that was refused. */
  model?: string;
  /** Where that object was written: `Author[0].books[1]`. */
  row?: string;
  /** Its field or property to blame; null if it is the object as a whole. */
  field?: string | null;
  /** SQLite's own words, if it was SQLite that refused. */
  sqlite?: string;
}

/**
 * Models, a database that is made for them, and queries.
 *
 * @example
 * const playground = new Playground({
 *   models: { Author: { name: "text" }, Book: { title: "text" } },
 *   relationships: ["an Author has many Books; each Book has one Author"],
 * });
 * playground.insert({ Author: [{ name: "Ursula", books: [{ title: "The Dispossessed" }] }] });
 * const { objects, statements } = playground.query({ model: "Book", include: "author" });
 * console.log(objects[0].author.name, statements.length); // Ursula 2
 */
export class Playground {
  /**
   * Makes a playground: of a schema, of a project (an object, or JSON), of a sample by its title, or an empty one. The database is
   * made when it is first needed.
   *
   * @throws {PlaygroundError} if there is an error in it, or no such sample.
   * @example
   * console.log(new Playground("Tree of categories").query({ model: "Category" }).objects.length); // 6
   */
  constructor(schema?: SchemaSpec | null);
  constructor(project: Project);
  /**
   * Takes another schema, project or sample; the database that was there is forgotten. Without one it tells of the schema that is
   * there. Errors are among the diagnostics.
   *
   * @throws {PlaygroundError} if it cannot be read at all.
   * @example
   * const { diagnostics } = new Playground().define({ models: { Author: { born: "dat" } } });
   * console.log(diagnostics[0].path, diagnostics[0].message); // models.Author.born “dat” is none of the choices.
   */
  define(schema?: SchemaSpec): Definition;
  define(project: Project): Definition;
  /**
   * Makes the database anew, with the rows of the project if it has any: what was inserted since is gone. It is called by itself
   * where a database is needed and none is there; what SQLite refuses of the project's rows is told only to who calls it.
   *
   * @throws {PlaygroundError} if the schema has errors.
   * @example
   * const playground = new Playground("Author and Book");
   * playground.database.run("DELETE FROM books");
   * playground.create();
   * console.log(playground.query({ model: "Book" }).objects.length > 0); // true
   */
  create(): Creation;
  /**
   * Inserts objects, with all that is nested in them: all, or none. A property holds an object, the key of a row that is there, or
   * null; a collection a list of them. An object written in two places, or in a ring, is one; one that is only nested and has the
   * key of a row that is there is that row, whose fields stay as they are. So is one that was inserted before, as long as its row is
   * there: after a rollback, or when it was deleted, it is inserted anew. Gives the keys of the objects listed for each model.
   *
   * @throws {PlaygroundError} if something is no value of its field's type, or SQLite refuses.
   * @example
   * const playground = new Playground("Student and Course");
   * const [key] = playground.insert({ Student: [{ name: "Zoë", courses: [{ name: "Logic" }] }] }).Student;
   * const { objects } = playground.query({ model: "Student", where: { id: key }, include: "courses" });
   * console.log(objects[0].courses[0].name); // Logic
   */
  insert(objects: { readonly [model: string]: readonly object[] }): Record<string, Key[]>;
  /**
   * Runs a query.
   *
   * @throws {PlaygroundError} if there is an error in it, SQLite refuses, or an object is found whose property is loaded by `raise`.
   * @example
   * const playground = new Playground("Author and Book");
   * const { objects } = playground.query({ model: "Author", include: { books: { strategy: "joined", include: "author" } } });
   * const author = objects.find(({ books }) => books.length > 0);
   * console.log(author.books[0].author === author); // true
   * @example
   * const playground = new Playground("Author and Book");
   * playground.insert({ Author: [{ name: "Ann", books: [{ title: "A" }, { title: "B" }] }] });
   * const group = { by: "author.name", compute: { n: { count: true } } };
   * console.log(playground.query({ model: "Book", where: { author: { name: "Ann" } }, group }).objects); // [ { author_name: 'Ann', n: 2 } ]
   */
  query<T = any>(spec: QuerySpec | string): QueryResult<T>;
  /**
   * Runs a query as it is asked, and with each strategy for all that it loads.
   *
   * @throws {PlaygroundError} if there is an error in it.
   * @example
   * const ways = new Playground("Author and Book").compare({ model: "Author", include: "books" });
   * console.log(ways.filter(({ error }) => !error).every(({ graph }) => graph === 0)); // true
   */
  compare(spec: QuerySpec | string): Way[];
  /**
   * Measures a query, once: its statements alone, the graph, and the objects.
   *
   * @throws {PlaygroundError} if there is an error in it, or SQLite refuses.
   * @example
   * const { sqlite, graph, objects } = new Playground("Author and Book").measure({ model: "Author", include: "books" });
   * console.log([sqlite, graph, objects].every((ms) => ms >= 0)); // true
   */
  measure(spec: QuerySpec | string): Measure;
  /**
   * The database, on the playground's own connection: what is written here is there for the next query. It is another one after
   * `create()` and `define()`; closing it does not close the playground.
   */
  readonly database: Database;
  /**
   * The schema, and a query if one is given, as a program for another ORM (Python), or the statements that create the tables.
   *
   * @throws {PlaygroundError} if there is an error, or that ORM has no words for it.
   * @example
   * console.log(new Playground("Author and Book").emit("sql").split("\n")[0]); // CREATE TABLE authors (
   */
  emit(language: "sqlalchemy" | "django" | "sql", spec?: QuerySpec | string): string;
  /**
   * The document as it is now, rows and last query included: JSON that the page opens, and `new Playground(…)`.
   *
   * Tables that are not of the schema are no part of it.
   *
   * @throws {PlaygroundError} if a table is no longer as it was made, or a key leads nowhere: something would be lost.
   * @example
   * const playground = new Playground({ models: { Tag: { name: "text" } } });
   * playground.insert({ Tag: [{ name: "new" }] });
   * console.log(new Playground(playground.project()).query({ model: "Tag" }).objects); // [ { id: 1, name: 'new' } ]
   */
  project(): string;
  /**
   * Lets go of the playground and its memory. Objects and statements that it gave stay, but for plans not yet asked for.
   *
   * @example
   * const playground = new Playground("Author and Book");
   * playground.close();
   */
  close(): void;
  /**
   * The same as `close()`, for `using`.
   *
   * @example
   * const playground = new Playground("Author and Book");
   * playground[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
   */
  [Symbol.dispose](): void;
}
