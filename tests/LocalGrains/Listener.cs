namespace OrleansLb.LocalGrains.Tests;

/// <summary>An observer that remembers what it heard.</summary>
internal sealed class Listener : IListener
{
    public List<string> Heard { get; } = [];

    public Func<Task> OnHear { get; init; } = () => Task.CompletedTask;

    public Task Hear(string text)
    {
        Heard.Add(text);
        return OnHear();
    }

    public void HearOneWay(string text) => Heard.Add($"{text} (one way)");
}
