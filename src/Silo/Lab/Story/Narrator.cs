using System.Globalization;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>Tells the lab's story, step by step, as it happens.</summary>
internal sealed class Narrator(TextWriter output, bool bold)
{
    private int _step;

    /// <summary>A new step of the story.</summary>
    public void Step(string title)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{++_step}. {title}");
        output.WriteLine();
        output.WriteLine(bold ? $"\e[1m{text}\e[0m" : text);
    }

    public void Say(string text) => output.WriteLine($"   {text}");

    /// <summary>Something that was looked at and is as it should be.</summary>
    public void Seen(string text) => output.WriteLine($"   ok: {text}");

    /// <summary>Something did not come out: what was found that may explain it.</summary>
    public void Diagnosed(string unexpected, IEnumerable<string> found)
    {
        Step("This did not come out; what each part of the service believes now");
        Say(unexpected);
        foreach (var line in found) Say(line);
    }

    public void Failed(string text)
    {
        output.WriteLine();
        output.WriteLine(bold ? $"\e[1mFAILED\e[0m {text}" : $"FAILED {text}");
    }
}
