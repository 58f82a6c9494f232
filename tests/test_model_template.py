"""A chat template makes a prompt, harms nothing, and has a stand-in where it is missing or odd."""

import pytest

from assistant.models.template import RefusedByTemplate, chat_format

TALK = [
    {"role": "system", "content": "Be short."},
    {"role": "user", "content": "Who?"},
    {"role": "assistant", "content": "Nobody."},
    {"role": "user", "content": "Why?"},
]
FIRST = TALK[:2]
CHATML = ["<|im_start|>", "<|im_end|>"]


def prompt(template, messages=FIRST, control=(), bos="<s>", eos="</s>"):
    return chat_format(template, control, bos=bos, eos=eos)(messages)


def test_the_models_own_template_is_used():
    own = "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<assistant>"
    assert prompt(own, control=CHATML) == "<s><system>Be short.<user>Who?<assistant>"


def test_what_templates_are_written_with_is_there():
    modern = (
        "{%- for m in messages -%}{%- if loop.index > 9 -%}{%- break -%}{%- endif -%}"
        "{% generation %}{{ m['content'] | trim }}{% endgeneration %}{%- endfor -%}"
        "{{ strftime_now('%Y') | length }}{{ {'a': 'é'} | tojson }}{{ tools is none }}{{ add_generation_prompt }}"
    )
    assert prompt(modern) == 'Be short.Who?4{"a": "é"}TrueTrue'


def test_a_template_without_a_system_role_gets_the_system_text_with_the_question():
    no_system = (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('none') }}{% endif %}"
        "[{{ m.content }}]{% endfor %}"
    )
    assert prompt(no_system, TALK) == "[Be short.\n\nWho?][Nobody.][Why?]"


@pytest.mark.parametrize(
    "template",
    ["", "  ", "{% foo %}", "{{ ", "{% for m in messages %}", "A prompt that asks nothing.", "{{ messages[0].role }}"],
    ids=["none", "blank", "unknown tag", "cut off", "not ended", "without the question", "role only"],
)
@pytest.mark.parametrize(
    ("control", "expected"),
    [
        (CHATML, "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\n"),
        (
            ["<|start_header_id|>", "<|eot_id|>"],
            "<s><|start_header_id|>system<|end_header_id|>\n\nBe short.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nWho?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        ([], "Be short.\n\nWho?\n\nAnswer:"),
    ],
    ids=["ChatML", "Llama 3", "no family"],
)
def test_a_template_that_is_missing_or_odd_is_replaced_by_that_of_the_family(template, control, expected):
    assert prompt(template, control=control) == expected


def test_the_stand_ins_of_families_without_a_system_role_keep_every_text():
    for control in (["<start_of_turn>"], ["[INST]"]):
        text = prompt("", TALK, control=control)
        assert all(message["content"] in text for message in TALK)


def test_a_conversation_that_no_form_of_is_accepted_is_refused_with_the_templates_reason():
    with pytest.raises(RefusedByTemplate, match="roles must alternate"):
        prompt("{{ raise_exception('roles must alternate') }}")


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ messages.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ raise_exception.__globals__.os }}",
        "{{ messages.append(1) }}",
        "{{ 'a' * 2000000000 }}",
        "{{ [0] * 2000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{% set n = namespace(t='aaaaaaaaaa') %}{% for i in range(60) %}{% set n.t = n.t + n.t %}{% endfor %}{{ n.t }}",
        "{% for i in range(1000000000) %}{% endfor %}",
        "{{ 1 / 0 }}",
        "{{ messages['x'].y.z }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% include 'etc/passwd' %}",
    ],
)
def test_a_hostile_template_gets_nothing_and_is_refused(hostile):
    with pytest.raises(RefusedByTemplate) as refusal:
        prompt(f"{{% for m in messages %}}{{{{ m.content }}}}{{% endfor %}}{hostile}")
    assert "\n" not in str(refusal.value)
