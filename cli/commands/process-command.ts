import { Command } from 'commander';
import { collectInputs } from '../inputs/collect-inputs.ts';
import { inputOptions, type Inputs } from '../inputs/input-options.ts';

/** What stands in the help below the options of inputs. */
const VALUE_HELP = `
Values: lists may be written with commas (--bbox 5.9,45.8,10.5,47.8), arrays and objects as JSON or as @FILE.
Every input can also stand in the file of --inputs: {"minzoom": 8, …}.`;

/** Options of the command itself that commander adds, or that every command has. */
const ALWAYS_RESERVED = ['help', 'version', 'inputs'];

export interface ProcessCommandProps<Options extends { inputs?: string }> {
  /** `longhaul run raster-preseed` */
  name: string;
  description: string;
  inputs: Inputs;
  folder: URL;
  addOptions: (command: Command) => Command;
  /** More lines of help. */
  help?: string;
  execute: (inputs: Record<string, unknown>, options: Options) => Promise<void>;
}

/** A command whose options are the inputs of one process, and its own. */
export function processCommand<Options extends { inputs?: string }>(props: ProcessCommandProps<Options>): Command {
  const command = new Command(props.name).description(props.description).usage('[options]');
  command.optionsGroup('Options:');
  props.addOptions(command);
  const names = command.options.map(({ long = '' }) => long.replace(/^--/, ''));
  const options = inputOptions(props.inputs, new Set([...names, ...ALWAYS_RESERVED]));
  for (const { option } of options) command.addOption(option);
  command.addHelpText('after', `${VALUE_HELP}${props.help === undefined ? '' : `\n${props.help}`}`);
  return command.action(async (values: Options & Record<string, unknown>) => {
    const inputs = await collectInputs(options, values, values.inputs, props.folder);
    await props.execute(inputs, values);
  });
}
