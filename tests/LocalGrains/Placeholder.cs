namespace OrleansLb.LocalGrains.Tests;
