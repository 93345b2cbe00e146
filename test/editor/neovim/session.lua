-- Uses the language server as a user of Neovim does, and prints what the editor shows as JSON.
-- nvim --clean --headless -l is newer than the oldest Neovim that is tested (0.7), so the file is run by `-c 'luafile …'`.
local node, bin, out = vim.env.TEST_NODE, vim.env.TEST_BIN, vim.env.TEST_OUT
local config = { name = 'shapewright', cmd = { node, bin, 'lsp', '--stdio' }, root_dir = vim.fn.getcwd() }
if vim.lsp.start then
  vim.lsp.start(config)
else
  vim.lsp.buf_attach_client(0, vim.lsp.start_client(config))
end

-- A code action offers its choices in a menu, of which the first is taken.
local menu = {}
vim.ui.select = function(items, options, choose)
  for _, item in ipairs(items) do
    table.insert(menu, options.format_item and options.format_item(item) or item)
  end
  choose(items[1], 1)
end

local function wait_for(condition)
  if not vim.wait(20000, condition, 20) then error('the editor waited for 20 seconds') end
end

local function diagnostics()
  return vim.tbl_map(function(one)
    return { line = one.lnum + 1, code = one.code or one.user_data.lsp.code, message = one.message }
  end, vim.diagnostic.get(0))
end

local function hover()
  local position = { textDocument = vim.lsp.util.make_text_document_params(), position = { line = 3, character = 5 } }
  for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/hover', position, 20000) or {}) do
    return answer.result.contents.value
  end
end

local function session()
  wait_for(function() return #vim.diagnostic.get(0) > 0 end)
  local found = diagnostics()
  vim.api.nvim_win_set_cursor(0, { found[1].line, 6 })
  local before = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action()
  wait_for(function() return vim.api.nvim_buf_get_changedtick(0) > before end)
  wait_for(function() return #vim.diagnostic.get(0) == 0 end)
  return { found = found, menu = menu, lines = vim.api.nvim_buf_get_lines(0, 0, -1, false), hover = hover() }
end

local fine, result = pcall(session)
vim.fn.writefile({ vim.fn.json_encode(fine and result or { problem = result }) }, out)
vim.cmd('qa!')
