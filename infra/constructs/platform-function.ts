import { RemovalPolicy, Stack, type Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal, type IGrantable, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing, type EventInvokeConfigOptions } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { fileURLToPath } from 'node:url';
import type { EnvironmentKey } from '../../shared/config/environment.ts';
import { acknowledge } from '../acknowledge.ts';
import type { DeployedProcess } from '../deployed-processes.ts';
import { environmentProblems } from '../environment-size.ts';
import { writeProcessList } from '../process-list.ts';
import { WORKER_RUNTIME } from '../worker-runtime.ts';

const PROJECT_FOLDER = new URL('../../', import.meta.url);

/** CommonJS dependencies inside an ESM bundle call `require`. */
const REQUIRE_BANNER = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

/**
 * Condition of `imports` in package.json under which `#worker/…` leads to `shared/processes/left-out.ts`. esbuild leaves its
 * own condition `module` out where another one is given.
 */
const WITHOUT_WORKER_CODE = 'without-worker-code';

/** A message that kills its function, such as a chunk its worker, spends no neighbour's receives. */
const BATCH_SIZE = 1;

/** The folders of `functions/`. */
export type FunctionEntry =
  'api' | 'authorizer' | 'worker' | 'stream' | 'sweeper' | 'dead-letters' | 'notifications' | 'uploads';

/** What is the same for every function of a deployment. */
export interface FunctionSettings {
  local: boolean;
  logRetention: RetentionDays;
}

export interface PlatformFunctionProps {
  settings: FunctionSettings;
  /** The folder of `functions/` whose `index.ts` exports `handler`. */
  entry: FunctionEntry;
  description: string;
  memoryMiB: number;
  timeout: Duration;
  /** Through the keys of `shared/config/environment.ts`, so that a rename there is a type error here. */
  environment: Partial<Record<EnvironmentKey, string>>;
  /** What `#processes` holds in this bundle. */
  processes: readonly DeployedProcess[];
  /**
   * True for a function that runs the processes: their native modules are installed beside the bundle, and what they import
   * through `#worker` is in it.
   */
  runsProcesses?: boolean;
  /** What becomes of events of asynchronous invocations that fail. */
  asynchronous?: Required<Pick<EventInvokeConfigOptions, 'onFailure' | 'retryAttempts' | 'maxEventAge'>>;
}

/** One Lambda function: own role, own log group, JSON logs, tracing, one minified ESM bundle with its SDK. */
export class PlatformFunction extends Construct implements IGrantable {
  readonly function: NodejsFunction;
  readonly logGroup: LogGroup;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: PlatformFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.settings.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Role of: ${props.description}`,
    });
    this.logGroup.grantWrite(role);
    this.grantPrincipal = role;
    const environment = {
      ...props.environment,
      ...(props.runsProcesses === true ? WORKER_RUNTIME : { NODE_OPTIONS: '--enable-source-maps' }),
    };
    this.node.addValidation({
      validate: () => environmentProblems(Stack.of(this).resolve(environment) as Record<string, unknown>),
    });
    this.function = new NodejsFunction(this, 'Function', {
      entry: fileURLToPath(new URL(`functions/${props.entry}/index.ts`, PROJECT_FOLDER)),
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: architecture(props.settings.local),
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      environment,
      projectRoot: fileURLToPath(PROJECT_FOLDER),
      depsLockFilePath: fileURLToPath(new URL('package-lock.json', PROJECT_FOLDER)),
      bundling: bundling(props),
      ...props.asynchronous,
    });
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray takes no resource: segments belong to no named thing.');
  }

  /** Is called with the messages of a queue. @param concurrency calls at once, at least 2 */
  takeMessages(queue: IQueue, concurrency: number): void {
    this.function.addEventSource(
      new SqsEventSource(queue, {
        batchSize: BATCH_SIZE,
        reportBatchItemFailures: true,
        maxConcurrency: concurrency,
      }),
    );
  }
}

/** Lambda runs on arm64; the local cloud runs functions on the machine's own processor. */
function architecture(local: boolean): Architecture {
  return local && process.arch !== 'arm64' ? Architecture.X86_64 : Architecture.ARM_64;
}

function bundling(props: PlatformFunctionProps) {
  const native = [...new Set(props.processes.flatMap(({ definition }) => definition.nativeModules ?? []))];
  const installed = props.runsProcesses === true && native.length > 0;
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    minify: true,
    // Names of files and lines in stack traces, without the sources themselves.
    sourceMap: true,
    sourcesContent: false,
    mainFields: ['module', 'main'],
    banner: REQUIRE_BANNER,
    esbuildArgs: {
      '--alias:#processes': writeProcessList(props.processes),
      '--log-level': 'warning',
      ...(props.runsProcesses === true ? {} : { '--conditions': `module,${WITHOUT_WORKER_CODE}` }),
    },
    forceDockerBundling: false,
    // The SDK is bundled; native modules are installed for the function's processor, or never reached in this bundle.
    ...(installed ? { nodeModules: native, externalModules: [] } : { externalModules: native }),
    environment: {
      npm_config_os: 'linux',
      npm_config_libc: 'glibc',
      npm_config_cpu: architecture(props.settings.local) === Architecture.ARM_64 ? 'arm64' : 'x64',
      npm_config_prefer_offline: 'true',
      npm_config_loglevel: 'error',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    },
  };
}
