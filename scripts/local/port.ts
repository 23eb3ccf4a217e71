/** How a port is chosen: by an option, else by a variable of the environment, else the usual one. */
export interface PortSetting {
  /** What listens there, such as `the local cloud`. */
  purpose: string;
  option: string;
  variable: string;
  usual: number;
}

/** A port of 127.0.0.1, and what chooses another. */
export interface Port {
  number: number;
  setting: PortSetting;
}
