/** Files that the fuzz of the XML formats begins with: small, with something of everything that they may hold. */

export const KML_SEED = `<?xml version="1.0" encoding="UTF-8"?>
<!-- <Placemark/> --><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">
<Document><name>D &amp; E</name><Schema id="s"><SimpleField type="int" name="n"><displayName>N</displayName></SimpleField></Schema>
<Style id="a"><IconStyle/></Style><NetworkLink><Link><href>http://127.0.0.1:9/</href></Link></NetworkLink>
<Folder><name>Größe</name>
<Placemark id="1"><name>A</name><description><![CDATA[<b>x</b>]]></description><Point><coordinates>1,2,3</coordinates></Point></Placemark>
<Placemark><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="n">7</SimpleData></SchemaData><Data name="d"><value>&#65;</value></Data></ExtendedData>
<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon><Point><coordinates>5, 6</coordinates></Point></MultiGeometry></Placemark>
<Folder><name>B</name><Placemark><gx:Track><when>2010</when><gx:coord>1 2 3</gx:coord><when>2011</when><gx:coord>4 5 6</gx:coord></gx:Track></Placemark></Folder>
</Folder><Placemark><LineString><tessellate>1</tessellate><coordinates>1,2 3,4</coordinates></LineString></Placemark></Document></kml>
`;

export const GPX_SEED = `<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>m</name></metadata>
<wpt lat="1" lon="2"><ele>3</ele><name>A &lt; B</name><link href="h"><text>t</text></link></wpt><wpt lat="3" lon="4"/>
<rte><name>R</name><rtept lat="1" lon="2"/><rtept lat="3" lon="4"><sat>5</sat></rtept></rte>
<trk><number>1</number><trkseg><trkpt lat="1" lon="2"><time>2009-10-17T18:37:31Z</time><extensions><x:hr xmlns:x="u">1</x:hr></extensions></trkpt><trkpt lat="3" lon="4"/></trkseg><trkseg/></trk>
</gpx>
`;

export const GML_SEED = `<?xml version="1.0"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="http://a" xmlns:xlink="x">
<gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>0 0</gml:lowerCorner></gml:Envelope></gml:boundedBy>
<wfs:member><a:road gml:id="1"><a:n uom="m">7</a:n><a:g><gml:Curve><gml:segments><gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc></gml:segments></gml:Curve></a:g></a:road></wfs:member>
<wfs:member><a:lake><a:o xlink:href="#1"/><a:g><gml:Polygon srsName="EPSG:4326"><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">0 0 1 0 1 1 0 0</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></a:g></a:lake></wfs:member>
<wfs:member><wfs:FeatureCollection><wfs:member><a:road><a:road>x</a:road><a:g><gml:MultiPoint><gml:pointMembers><gml:Point><gml:pos>1 2</gml:pos></gml:Point><gml:Point><gml:coordinates>3,4</gml:coordinates></gml:Point></gml:pointMembers></gml:MultiPoint></a:g></a:road></wfs:member></wfs:FeatureCollection></wfs:member>
</wfs:FeatureCollection>
`;

/** Pieces of markup that mean something to a reader of XML. */
export const MARKUP = [
  ...[
    '<',
    '>',
    '/',
    '&',
    '"',
    "'",
    '=',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    '<!DOCTYPE a>',
    '<!ENTITY b "c">',
  ],
  ...['</', '/>', '&amp;', '&nbsp;', '&#0;', '&#x110000;', '\0', '\u0001', '\uFFFF', '\uFEFF', ':', 'xmlns:a="b"'],
  ...['<Placemark>', '</Placemark>', '<Placemark/>', '</Folder>', '<Folder>', '</Document>', '</kml>', '<coordinates>'],
  ...[
    '<trk>',
    '</trk>',
    '<trkpt>',
    '</trkseg>',
    '<wpt/>',
    '</gpx>',
    '</wfs:member>',
    '<wfs:member>',
    '<a:road>',
    '</a:road>',
  ],
  ...[' srsName="EPSG:3857"', ' srsDimension="3"', '1e999', 'NaN', ',', ' ', '-', '9'.repeat(400)],
];
