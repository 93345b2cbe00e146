/** The two descriptions in the package of an extension, in the forms of the Open Packaging Conventions and of the marketplace. */

/** What the manifest takes from the `package.json` of the extension. */
export interface ExtensionDescription {
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly version: string
  readonly publisher: string
  readonly engines: { readonly vscode: string }
  readonly categories: readonly string[]
  readonly keywords: readonly string[]
  readonly extensionKind: readonly string[]
}

/** The media types of the files, by their extensions. */
export const contentTypes = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension=".json" ContentType="application/json" />
  <Default Extension=".vsixmanifest" ContentType="text/xml" />
  <Default Extension=".md" ContentType="text/markdown" />
  <Default Extension=".txt" ContentType="text/plain" />
  <Default Extension=".png" ContentType="image/png" />
  <Default Extension=".cjs" ContentType="application/javascript" />
</Types>
`

export function printManifest(extension: ExtensionDescription): string {
  const { name, displayName, description, version, publisher, engines, categories, keywords, extensionKind } = extension
  const properties = {
    'Code.Engine': engines.vscode,
    'Code.ExtensionKind': extensionKind.join(','),
    'Code.ExecutesCode': 'true',
    'Services.GitHubFlavoredMarkdown': 'true',
  }
  const assets = {
    'Code.Manifest': 'extension/package.json',
    'Services.Content.Details': 'extension/README.md',
    'Services.Content.License': 'extension/LICENSE.txt',
    'Services.Icons.Default': 'extension/icon.png',
  }
  const lines = (entries: object, print: (key: string, value: string) => string) =>
    Object.entries(entries).map(([key, value]) => `\n      ${print(key, escapeXml(String(value)))}`)
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escapeXml(name)}" Version="${escapeXml(version)}" Publisher="${escapeXml(publisher)}" />
    <DisplayName>${escapeXml(displayName)}</DisplayName>
    <Description xml:space="preserve">${escapeXml(description)}</Description>
    <Tags>${escapeXml(keywords.join(','))}</Tags>
    <Categories>${escapeXml(categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>${lines(properties, (key, value) => `<Property Id="Microsoft.VisualStudio.${key}" Value="${value}" />`).join('')}
    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/icon.png</Icon>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code" />
  </Installation>
  <Dependencies />
  <Assets>${lines(assets, (key, value) => `<Asset Type="Microsoft.VisualStudio.${key}" Path="${value}" Addressable="true" />`).join('')}
  </Assets>
</PackageManifest>
`
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]!)
}
