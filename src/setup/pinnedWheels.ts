/** A wheel on PyPI with a known hash. */
export interface PinnedWheel {
  readonly project: string
  readonly version: string
  /** The platform tag to request from pip. */
  readonly pipPlatform: string
  readonly file: string
  readonly sha256: string
  /** The size of the wheel. */
  readonly bytes: number
  /** The size of the unpacked parts. */
  readonly unpackedBytes: number
}

/**
 * TensorFlow 2.15.1, the smallest release that tfjs-node 4.22 was tested with. On Linux, the plain `tensorflow` wheel is empty
 * for arm64 (it depends on the one here) and contains CUDA kernels for x64.
 */
const pinnedWheels: Readonly<Record<string, PinnedWheel>> = {
  'linux-x64': {
    project: 'tensorflow-cpu',
    version: '2.15.1',
    pipPlatform: 'manylinux2014_x86_64',
    file: 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
    bytes: 207_208_420,
    unpackedBytes: 614_500_000,
  },
  'linux-arm64': {
    project: 'tensorflow-cpu-aws',
    version: '2.15.1',
    pipPlatform: 'manylinux2014_aarch64',
    file: 'tensorflow_cpu_aws-2.15.1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl',
    sha256: 'd4c3a3a9363bf42999adedbbd514e3a133be2d62f61fee9cfa46aaefb087c09e',
    bytes: 211_874_120,
    unpackedBytes: 694_900_000,
  },
  'darwin-arm64': {
    project: 'tensorflow',
    version: '2.15.1',
    pipPlatform: 'macosx_12_0_arm64',
    file: 'tensorflow-2.15.1-cp311-cp311-macosx_12_0_arm64.whl',
    sha256: 'aa926114d1e13ffe5b2ea59c3f195216f26646d7fe36e9e5207b291e4b7902ff',
    bytes: 205_736_374,
    unpackedBytes: 603_400_000,
  },
  'darwin-x64': {
    project: 'tensorflow',
    version: '2.15.1',
    pipPlatform: 'macosx_10_15_x86_64',
    file: 'tensorflow-2.15.1-cp311-cp311-macosx_10_15_x86_64.whl',
    sha256: '6761efe511e6ee0f893f60738fefbcc51d6dc386eeaaafea59d21899ef369ffd',
    bytes: 236_482_723,
    unpackedBytes: 720_900_000,
  },
}

/** The wheel for a platform, by default this machine; undefined if no wheel is known. */
export function pinnedWheel(
  platform: string = process.platform,
  architecture: string = process.arch,
): PinnedWheel | undefined {
  return pinnedWheels[`${platform}-${architecture}`]
}

/** The pinned wheel with this file name, for any platform. */
export function pinnedWheelNamed(file: string): PinnedWheel | undefined {
  return Object.values(pinnedWheels).find((wheel) => wheel.file === file)
}
