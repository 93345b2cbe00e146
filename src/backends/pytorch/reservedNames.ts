/** The names that layers of a PyTorch script cannot have. */

/** The names that `forward` uses itself. */
export const reservedValues = (
  'x self inputs mask nn torch hard_sigmoid linear softmax gelu_new same_padding max_pool_same average_pool_same center_crop ' +
  'resize_nearest resize_axis upsample_bilinear'
).split(' ')

/** The attributes of `nn.Module` and `nn.Sequential`, which layers cannot have as names. */
export const moduleAttributes: readonly string[] = (
  'T_destination add_module append apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval ' +
  'extend extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half insert ipu load_state_dict ' +
  'modules mtia named_buffers named_children named_modules named_parameters parameters pop register_backward_hook ' +
  'register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook ' +
  'register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module ' +
  'register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state ' +
  'set_submodule share_memory state_dict to to_empty train training type xpu zero_grad self'
).split(' ')

/** The names that sections of a script define. */
export const scriptNames: readonly string[] = (
  'RANK WORLD INTERRUPTED Model all_reduce augment build_model constrain decayed_weights learning_rate load_pretrained main penalty_of ' +
  'read_inputs run_epoch'
).split(' ')
