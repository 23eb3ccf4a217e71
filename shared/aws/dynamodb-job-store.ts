import { createHash } from 'node:crypto';
import type {
  ConsumedCapacity,
  DynamoDBClient,
  ReturnConsumedCapacity,
  TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type {
  Item,
  ItemKey,
  JobStore,
  ListPage,
  ListQuery,
  PutWrite,
  TransactionOutcome,
  UpdateWrite,
  Write,
  WriteOutcome,
} from '../jobs/ports/job-store.ts';
import { checkList } from '../adapters/check-list.ts';
import { checkKey, checkTransaction, checkWrite } from '../adapters/check-write.ts';
import {
  fromAttributes,
  fromKeyAttributes,
  toAttributes,
  toAttributeValue,
  toKeyAttributes,
} from './attribute-value.ts';
import { rejectedWrites, storeError } from './dynamodb-errors.ts';
import { conditionExpression, updateExpression } from './expression.ts';

/** The index of active jobs: partition `activePartition`, sort `dueAt`, keys only. */
const ACTIVE_INDEX = 'active';
/** Longest ClientRequestToken in characters: a token of ours is hashed to this. */
const TOKEN_CHARACTERS = 36;

export interface DynamoDbJobStoreOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Told what each call cost, items and indexes apart; without it the service is not asked. */
  onCapacity?: (capacity: readonly ConsumedCapacity[]) => void;
}

/** The job table in DynamoDB: one method is one call. */
export class DynamoDbJobStore implements JobStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #onCapacity: DynamoDbJobStoreOptions['onCapacity'];
  readonly #base: { TableName: string; ReturnConsumedCapacity: ReturnConsumedCapacity };

  constructor({ client, tableName, onCapacity }: DynamoDbJobStoreOptions) {
    this.#client = client;
    this.#tableName = tableName;
    this.#onCapacity = onCapacity;
    this.#base = { TableName: tableName, ReturnConsumedCapacity: onCapacity === undefined ? 'NONE' : 'INDEXES' };
  }

  async read(key: ItemKey, options: { consistent?: boolean } = {}): Promise<Item | undefined> {
    checkKey(key);
    const command = new GetItemCommand({
      ...this.#base,
      Key: toKeyAttributes(key),
      ConsistentRead: options.consistent ?? false,
    });
    const { Item: found } = await this.#call('a read', () => this.#client.send(command));
    return found && fromAttributes(found);
  }

  async list(query: ListQuery): Promise<ListPage> {
    checkList(query);
    const { pk, prefix, after } = query;
    const command = new QueryCommand({
      ...this.#base,
      KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': { S: pk }, ...(prefix !== '' && { ':prefix': { S: prefix } }) },
      ...(after !== undefined && { ExclusiveStartKey: toKeyAttributes({ pk, sk: after }) }),
      ScanIndexForward: !(query.descending ?? false),
      ConsistentRead: query.consistent ?? false,
      Limit: query.limit,
    });
    const page = await this.#call('a listing', () => this.#client.send(command));
    const items = (page.Items ?? []).map((found) => ({ key: fromKeyAttributes(found), item: fromAttributes(found) }));
    return page.LastEvaluatedKey === undefined
      ? { items }
      : { items, next: fromKeyAttributes(page.LastEvaluatedKey).sk };
  }

  async listDue(activePartition: string, now: number, limit: number): Promise<ItemKey[]> {
    checkList({ prefix: '', limit });
    const command = new QueryCommand({
      ...this.#base,
      IndexName: ACTIVE_INDEX,
      KeyConditionExpression: 'activePartition = :partition AND dueAt <= :now',
      ExpressionAttributeValues: { ':partition': { S: activePartition }, ':now': toAttributeValue(now) },
      Limit: limit,
    });
    const page = await this.#call('a listing of due jobs', () => this.#client.send(command));
    return (page.Items ?? []).map(fromKeyAttributes);
  }

  async write(write: Write): Promise<WriteOutcome> {
    checkWrite(write);
    try {
      const item = await (write.kind === 'put' ? this.#put(write) : this.#update(write));
      return { accepted: true, item };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { accepted: false, item: error.Item && fromAttributes(error.Item) };
    }
  }

  async transact(writes: readonly Write[], token: string): Promise<TransactionOutcome> {
    checkTransaction(writes, token);
    const command = new TransactWriteItemsCommand({
      ReturnConsumedCapacity: this.#base.ReturnConsumedCapacity,
      ClientRequestToken: createHash('sha256').update(token).digest('hex').slice(0, TOKEN_CHARACTERS),
      TransactItems: writes.map((write) => this.#transactItem(write)),
    });
    try {
      await this.#call(`the transaction ${token}`, () => this.#client.send(command));
      return { accepted: true };
    } catch (error) {
      const rejected = rejectedWrites(error);
      if (rejected === undefined) throw error;
      return { accepted: false, rejected };
    }
  }

  async #put({ key, item, condition }: PutWrite): Promise<Item> {
    const attributes = toAttributes(key, item);
    const command = new PutItemCommand({
      ...this.#base,
      Item: attributes,
      ...conditionExpression(condition),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await this.#call('a write', () => this.#client.send(command));
    return fromAttributes(attributes);
  }

  async #update(write: UpdateWrite): Promise<Item> {
    const command = new UpdateItemCommand({
      ...this.#base,
      Key: toKeyAttributes(write.key),
      ...updateExpression(write),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const { Attributes } = await this.#call('a write', () => this.#client.send(command));
    return fromAttributes(Attributes ?? {});
  }

  #transactItem(write: Write): TransactWriteItem {
    const common = { TableName: this.#tableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    if (write.kind === 'put') {
      return { Put: { ...common, Item: toAttributes(write.key, write.item), ...conditionExpression(write.condition) } };
    }
    return { Update: { ...common, Key: toKeyAttributes(write.key), ...updateExpression(write) } };
  }

  async #call<Output extends CapacityBearer>(operation: string, send: () => Promise<Output>): Promise<Output> {
    try {
      const output = await send();
      const capacity = output.ConsumedCapacity ?? [];
      this.#onCapacity?.(Array.isArray(capacity) ? capacity : [capacity]);
      return output;
    } catch (error) {
      throw storeError(error, operation);
    }
  }
}

/** Every output that says what the call cost. */
interface CapacityBearer {
  ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] | undefined;
}
