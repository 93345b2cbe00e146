/** The phrases that test/prose.test.ts refuses, with what to write instead. A space also matches a line break. */

export interface Pattern {
  readonly phrase: RegExp
  readonly instead: string
  /** Files or folders in which it may occur, each with the reason. */
  readonly except?: Readonly<Record<string, string>>
}

/** Folders whose prose is still to be revised. Each pattern lists those that need it; remove them as they are done. */
const toRevise = 'not revised yet'

function unrevised(...places: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(places.map((place) => [place, toRevise]))
}

export const patterns: readonly Pattern[] = [
  {
    phrase: /\b(go|goes|gone|going|went) on (with|from|at)\b/i,
    instead: '"resume" or "continue"',
    except: unrevised('test/'),
  },
  {
    phrase: /\b(tell|tells|told|telling|tellers?)\b(?![^.,;:]{0,60}\bapart\b)/i,
    instead: '"report", "say" or "show"',
    except: unrevised('docs/', 'test/'),
  },
  {
    phrase: /\bwhat (comes|stands|is) behind\b/i,
    instead: '"after" or "the layers that follow"',
  },
  {
    phrase: /\bbehind (it|them|its|the|a|an|each|every|one|that|another)\b/i,
    instead: '"after" or "follows"',
    except: unrevised('docs/', 'test/'),
  },
  {
    phrase:
      /\b(stands?|stood|standing) (in|there|beside|above|below|under|before|behind|between|twice|again|directly|at)\b/i,
    instead: '"is in", "is there" or "occurs"',
    except: unrevised('test/'),
  },
  {
    phrase: /\b(bears?|bearing|bore)\b/i,
    instead: '"has", "allows" or "tolerates"',
  },
  { phrase: /\bholds? true\b/i, instead: '"applies"' },
  {
    phrase: /\bmend(s|ed|ing)?\b/i,
    instead: '"fix"',
    except: unrevised('test/'),
  },
  {
    phrase: /\b(is none\b(?! of)|there is none|are none\b(?! of))/i,
    instead: '"is not one" or "is missing"',
    except: { 'src/backends/keras/': 'Python compares with `is None`', ...unrevised('test/') },
  },
  { phrase: /\bwithout a word\b/i, instead: '"silently"' },
  {
    phrase: /\b(makes?|made|making) small\b/i,
    instead: '"the loss" or "minimizes"',
  },
  {
    phrase: /\bsettl(e|es|ed|ing)\b/i,
    instead: '"split the data" or "decide"',
  },
  { phrase: /\bsights?\b/i, instead: '"receptive field"' },
  {
    phrase: /\boddly\b/i,
    instead: 'the actual property',
  },
  {
    phrase: /\bsamples? (that|which) (train|validate|test)s?\b/i,
    instead: '"training samples"',
    except: unrevised('test/'),
  },
  {
    phrase: /\bsamples? to (train|validate|test) on\b/i,
    instead: '"training samples"',
    except: unrevised('docs/'),
  },
  {
    phrase: /\bdata sets?\b/i,
    instead: '"dataset"',
  },
  {
    phrase: /\bin place of\b/i,
    instead: '"instead of" or "overrides"',
    except: unrevised('docs/', 'test/'),
  },
  {
    phrase: /(^|[.:] |\/\*\*? )(That|Those|Of one|Of those|Of what) of\b/m,
    instead: 'a sentence that names its noun',
  },
  { phrase: /\bnothing (says|tells|states)\b/i, instead: '"is unknown", "is missing" or "no … given"' },
  {
    phrase: /\bnothing is (said|told|stated)\b/i,
    instead: '"by default"',
    except: unrevised('docs/'),
  },
  {
    phrase: /\bwhere it was made\b/i,
    instead: '"at its origin"',
  },
  { phrase: /\bas good as not there\b/i, instead: '"has no effect"' },
  {
    phrase: /\b(a|the|first|second) look at\b/i,
    instead: '"a check of" or "reads"',
  },
  { phrase: /\b(is|are|was|were) unlike\b/i, instead: '"differs from"' },
  {
    phrase: /\bas often as not\b|\bmore often than not\b/i,
    instead: '"often" or "usually"',
  },
  {
    phrase:
      /(?<!\bthere )\b(is|are) no (class|number|layer|folder|file|list|map|text|output|name|zip|size|mistake|error|word)s?\b(?! (of|at))/i,
    instead: '"is not a …"',
    except: {
      'src/parts/datasets/': '"There is no folder …"',
      ...unrevised('docs/', 'test/'),
    },
  },
  {
    phrase: /\bbeyond all numbers\b|\bno (finite )?numbers? (at all|any more)\b/i,
    instead: '"NaN or infinite"',
    except: unrevised('test/'),
  },
  {
    phrase:
      /\b(one|vectors?|values?|marks?|units?|images?|numbers?|samples?|lines?) an? (sample|step|class|axis|channel|row|line|layer|core|thread|batch|epoch)\b/i,
    instead: '"per …"',
    except: {
      'src/parts/layers/masking.ts': '"marks" is a verb there',
      ...unrevised('docs/'),
    },
  },
  {
    phrase: /\banew\b/i,
    instead: '"again"',
    except: unrevised('docs/', 'test/'),
  },
  { phrase: /\bby heart\b/i, instead: '"memorize"' },
  { phrase: /\b(please|sorry|oops|unfortunately)\b/i, instead: 'the problem and its fix, without apologies' },
  {
    phrase: /\bhardly meant\b|\bis meant of\b/i,
    instead: '"probably a mistake"',
  },
  { phrase: /\bof late\b/i, instead: '"recently"' },
  { phrase: /\bfor ever\b/i, instead: '"forever"' },
  {
    phrase: /\bwarm-ups?\b/i,
    instead: '"warmup"',
    except: unrevised('docs/'),
  },
  {
    phrase: /\bis there already\b|\bexists already\b/i,
    instead: '"already exists"',
  },
  {
    phrase: /\bsays? (too much|too little|nothing|little) of\b/i,
    instead: '"does not show" or "is not informative for"',
    except: unrevised('test/'),
  },
  {
    phrase: /\bthe folder of (a|the|this|that|each) run\b/i,
    instead: '"the run folder"',
    except: unrevised('docs/'),
  },
  {
    phrase: /\bso that (it|they|none|nothing|one) (is|are|can|could|would) (be )?no(t|ne|thing)?\b/i,
    instead: '"so …"',
  },
  { phrase: /\bof one mind\b|\bis at home\b|\bgoes its way\b/i, instead: 'a plain verb' },
  {
    phrase: /\b1 (warnings|errors|layers|samples|epochs|threads|files|parameters|units|classes)\b/i,
    instead: 'the right plural: use countOf',
  },
]
