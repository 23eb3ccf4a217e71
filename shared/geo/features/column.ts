/** Type of a column of an output. */
export type ColumnType = 'boolean' | 'int32' | 'int64' | 'double' | 'text' | 'date' | 'date-time' | 'json' | 'binary';

/** How the dates and times of a column are to be told. */
export interface DateTimes {
  /** Whether each says its offset to UTC; otherwise none does. */
  zoned: boolean;
  /** Digits behind the second, at most: 0 … 9. */
  fractionDigits: number;
}

/** A column of the outputs of a dataset. */
export interface Column {
  /** Name in the outputs: unique whatever the case of its letters. */
  name: string;
  /** Name in the source; empty for the identifier that features have beside their properties. */
  source: string;
  /** Holds the identifier of the features. */
  isFeatureId: boolean;
  title?: string;
  type: ColumnType;
  nullable: boolean;
  /** Of a column of integers: some are beyond the 53 bits of a double. */
  isUnsafe: boolean;
  /** Of dates and times. */
  dateTimes?: DateTimes;
  /** Why the name is not that of the source, and why the type is not that of its values; one sentence each. */
  reasons: string[];
}

/** The columns of a dataset, and which of them each field is. */
export interface Schema {
  columns: Column[];
}
