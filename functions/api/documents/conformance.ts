const PROCESSES = 'http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/';
const COMMON = 'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/';

/** OGC 18-062r2 `confClasses.yaml`. */
export const conformance = {
  conformsTo: [
    ...['core', 'json', 'html', 'oas30', 'ogc-process-description', 'job-list', 'callback', 'dismiss'].map(
      (name) => PROCESSES + name,
    ),
    ...['core', 'json', 'html', 'oas30'].map((name) => COMMON + name),
  ],
};
